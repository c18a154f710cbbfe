import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contextOf, KubeClient } from '@berth/kube';
import { SECRETS_NAME, type KubernetesObject } from '@berth/manifests';
import type { Cluster } from '@berth/model';
import { ensureSecrets, prepare } from '@berth/orchestrators';
import { parse, parseAllDocuments } from 'yaml';

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

  const client = KubeClient.from(contextOf(cluster, root), { onRetry: log });
  try {
    const namespace = parse(readFileSync(join(folder, 'namespace.yaml'), 'utf8')) as KubernetesObject;
    await prepare(client, environment, [namespace], { onNotice: log });
    const generate = () => randomBytes(secretBytes).toString('hex');
    const missing = await ensureSecrets(client, environment, wanted, { generate, author: 'npm start' });
    for (const key of missing) log(`generated ${key} in ${environment}/${SECRETS_NAME}`);
    return missing.length > 0 ? `generated ${missing.join(', ')}` : `${wanted.length} there`;
  } finally {
    client.close();
  }
}

/** The keys of the environment's Secret that these manifests refer to, in the order of the alphabet. */
export function secretKeys(manifests: readonly string[]): string[] {
  const keys = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const { secretKeyRef } = value as { secretKeyRef?: { name?: string; key?: string } };
    if (secretKeyRef?.name === SECRETS_NAME && secretKeyRef.key !== undefined) keys.add(secretKeyRef.key);
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
