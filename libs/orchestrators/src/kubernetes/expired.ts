import { endOfLife, type ExpiredEnvironment } from '@berth/deploy';
import { PROTECTED_ANNOTATION, TTL_ANNOTATION } from '@berth/manifests';
import type { KubeClient, LiveObject } from '@berth/kube';
import { expiredAmong, ifOver } from '../expired-environments';
import { managedByLabel } from './names';
import { lastDeployedAt } from './records';

/**
 * The environments whose last deploy is longer ago than their `ttl` allows: their namespaces and inventories say it all.
 * @param onUnknown told of an environment of which it cannot be said; without it that is an error
 */
export async function expired(
  client: KubeClient,
  now: Date,
  onUnknown?: (environment: string, error: Error) => void,
): Promise<ExpiredEnvironment[]> {
  const { items } = await client.list({
    apiVersion: 'v1',
    kind: 'Namespace',
    labelSelector: `${managedByLabel}=berth`,
  });
  return expiredAmong(
    items.filter(mayExpire),
    ({ metadata }) => metadata.name,
    async (namespace) => expiryOf(namespace, await lastDeployedAt(client, namespace.metadata.name), now),
    onUnknown,
  );
}

function mayExpire({ metadata: { annotations = {} } }: LiveObject): boolean {
  return TTL_ANNOTATION in annotations && annotations[PROTECTED_ANNOTATION] !== 'true';
}

/**
 * What has expired of a namespace's environment.
 * @param lastDeploy when it was; the namespace's own age counts while there was none
 * @returns undefined as long as it stays, and for a `ttl` that is none
 */
export function expiryOf(
  namespace: LiveObject,
  lastDeploy: string | undefined,
  now: Date,
): ExpiredEnvironment | undefined {
  const { name, annotations = {}, creationTimestamp } = namespace.metadata;
  const ttl = annotations[TTL_ANNOTATION] ?? '';
  const deployedAt = lastDeploy ?? creationTimestamp;
  return ifOver({ environment: name, ttl, deployedAt }, now);
}

/** When an environment that was deployed then has expired; undefined for one that never does. */
export function expiresAt(namespace: LiveObject, lastDeploy: string): Date | undefined {
  return mayExpire(namespace)
    ? endOfLife(namespace.metadata.annotations?.[TTL_ANNOTATION], lastDeploy)
    : undefined;
}
