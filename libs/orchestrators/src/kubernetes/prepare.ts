import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';
import { fieldManager } from './names';
import { stamp } from './stamp';
import { until } from './until';

const terminatingMs = 120_000;

/** Makes the namespace when it is not there, as the environment describes it; waits for one that is being deleted. */
export async function prepare(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
): Promise<void> {
  const reference = { apiVersion: 'v1', kind: 'Namespace', name: environment };
  const usable = await until(async () => {
    const live = await client.get(reference);
    return live === undefined || live.metadata.deletionTimestamp === undefined;
  }, terminatingMs);
  if (!usable) {
    throw new UserError(
      `The namespace ${environment} is being deleted and does not come to an end.`,
      `${client.kubectl} get namespace ${environment} -o yaml`,
    );
  }
  if (await client.get(reference)) return;
  const namespace = desired.find(
    ({ kind, metadata }) => kind === 'Namespace' && metadata.name === environment,
  );
  if (!namespace)
    throw new UserError(
      `The namespace ${environment} is not there, and the environment's objects do not have it.`,
    );
  await client.apply(stamp(namespace, environment, false), { fieldManager });
}

/**
 * Adds the keys that a Secret of the environment does not have yet. A key that is there is never overwritten.
 * @param generate makes the value of one key.
 * @returns the keys that were added.
 */
export async function ensureSecretKeys(
  client: KubeClient,
  environment: string,
  name: string,
  keys: readonly string[],
  generate: (key: string) => string,
): Promise<string[]> {
  const reference = { apiVersion: 'v1', kind: 'Secret', name, namespace: environment };
  const live = await client.get(reference);
  const present = Object.keys((live?.data as object | undefined) ?? {});
  const missing = keys.filter((key) => !present.includes(key));
  if (missing.length === 0) return [];
  const data = Object.fromEntries(missing.map((key) => [key, Buffer.from(generate(key)).toString('base64')]));
  // With the version that was read: a key that somebody adds meanwhile makes this fail, rather than being overwritten.
  if (live)
    await client.patch(reference, { metadata: { resourceVersion: live.metadata.resourceVersion }, data });
  else
    await client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: environment },
      type: 'Opaque',
      data,
    });
  return missing;
}
