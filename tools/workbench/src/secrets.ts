import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KubeClient } from '@berth/kube';
import type { KubernetesObject } from '@berth/manifests';
import type { Cluster } from '@berth/model';
import { parse, parseAllDocuments } from 'yaml';

/** The Secret of an environment, whose keys the services name under `secrets`. */
const secretName = 'berth-secrets';
interface SecretObject {
  metadata: { resourceVersion: string };
  data?: Record<string, string>;
}

/** Bytes of a generated value: as many as nobody guesses. */
const secretBytes = 24;

/**
 * Generates the secrets that the services of an environment ask for and that its namespace does not have yet.
 * One that is there is never written again, and none ever stands in a file.
 * @returns how many were generated, for the progress
 */
export async function generateMissingSecrets(
  root: string,
  cluster: Cluster,
  environment: string,
  log: (line: string) => void,
): Promise<string> {
  const folder = join(root, 'deploy/environments', environment);
  const wanted = secretKeys(readManifests(join(folder, 'services')));
  if (wanted.length === 0) return 'none asked for';

  const client = KubeClient.from({
    kubeconfig: resolve(root, cluster.kubeconfig),
    context: cluster.context,
  });
  const reference = { apiVersion: 'v1', kind: 'Secret', namespace: environment, name: secretName };
  const live = (await client.get(reference)) as SecretObject | undefined;
  const missing = wanted.filter((key) => live?.data?.[key] === undefined);
  if (missing.length === 0) return `${wanted.length} there`;

  if (!(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment }))) {
    const namespace = parse(readFileSync(join(folder, 'namespace.yaml'), 'utf8')) as KubernetesObject;
    await client.apply(namespace, { fieldManager: 'berth' });
  }
  const stringData = Object.fromEntries(
    missing.map((key) => [key, randomBytes(secretBytes).toString('hex')]),
  );
  const { apiVersion, kind, name, namespace } = reference;
  if (!live) {
    await client.create({ apiVersion, kind, metadata: { name, namespace }, stringData } as KubernetesObject);
  } else {
    // The version that was read: a key that somebody has set meanwhile is a conflict, and not overwritten.
    const { resourceVersion } = live.metadata;
    await client.patch(reference, { metadata: { resourceVersion }, stringData });
  }
  for (const key of missing) log(`generated ${key} in ${environment}/${secretName}`);
  return `generated ${missing.join(', ')}`;
}

/** The keys of the environment's Secret that these manifests refer to, in the order of the alphabet. */
export function secretKeys(manifests: readonly string[]): string[] {
  const keys = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const { secretKeyRef } = value as { secretKeyRef?: { name?: string; key?: string } };
    if (secretKeyRef?.name === secretName && secretKeyRef.key !== undefined) keys.add(secretKeyRef.key);
    Object.values(value).forEach(visit);
  };
  for (const manifest of manifests)
    for (const document of parseAllDocuments(manifest)) visit(document.toJS());
  return [...keys].sort();
}

function readManifests(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
}
