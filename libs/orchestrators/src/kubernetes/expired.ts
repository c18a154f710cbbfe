import type { ExpiredEnvironment } from '@berth/deploy';
import { PROTECTED_ANNOTATION, TTL_ANNOTATION } from '@berth/manifests';
import { durationMs } from '@berth/model';
import type { KubeClient, LiveObject } from '@berth/kube';
import { managedByLabel } from './names';
import { lastRecordedAt } from './records';

/** The environments whose last deploy is longer ago than their `ttl` allows: the labels of namespaces say it all. */
export async function expired(client: KubeClient, now: Date): Promise<ExpiredEnvironment[]> {
  const { items } = await client.list({
    apiVersion: 'v1',
    kind: 'Namespace',
    labelSelector: `${managedByLabel}=berth`,
  });
  const found = await Promise.all(
    items
      .filter(mayExpire)
      .map(async (namespace) =>
        expiryOf(namespace, await lastRecordedAt(client, namespace.metadata.name), now),
      ),
  );
  return found
    .filter((environment) => environment !== undefined)
    .sort((one, other) => (one.environment < other.environment ? -1 : 1));
}

function mayExpire({ metadata: { annotations = {} } }: LiveObject): boolean {
  return TTL_ANNOTATION in annotations && annotations[PROTECTED_ANNOTATION] !== 'true';
}

/**
 * What has expired of a namespace's environment.
 * @param lastRecord when the last deploy was recorded; the namespace's own age counts while there is none
 * @returns undefined as long as it stays, and for a `ttl` that is none
 */
export function expiryOf(
  { metadata: { name, annotations = {}, creationTimestamp } }: LiveObject,
  lastRecord: string | undefined,
  now: Date,
): ExpiredEnvironment | undefined {
  const ttl = annotations[TTL_ANNOTATION] ?? '';
  const deployedAt = lastRecord ?? creationTimestamp;
  const limit = durationMs(ttl);
  if (limit === undefined || now.getTime() - Date.parse(deployedAt) < limit) return undefined;
  return { environment: name, ttl, deployedAt };
}
