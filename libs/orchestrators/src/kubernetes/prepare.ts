import type { PrepareOptions } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';
import { fieldManager } from './names';
import { remainingIn } from './remaining';
import { stamp } from './stamp';
import { until } from './until';

/** Makes the namespace when it is not there, as the environment describes it; waits for one that is being deleted. */
export async function prepare(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
  { timeoutMs = 120_000, onNotice, signal }: PrepareOptions = {},
): Promise<void> {
  const reference = { apiVersion: 'v1', kind: 'Namespace', name: environment };
  let ending = '';
  const usable = await until(
    async () => {
      const live = await client.get(reference);
      if (!live?.metadata.deletionTimestamp) return true;
      const now = `The namespace ${environment} is still being deleted: ${remainingIn(live) || 'what is in it ends'}`;
      if (now !== ending) onNotice?.(`${now}. Waiting.`);
      ending = now;
      return false;
    },
    timeoutMs,
    signal,
  );
  if (!usable) {
    throw new UserError(
      `${ending}. It was waited for ${Math.round(timeoutMs / 1000)} s.`,
      `See what holds it: ${client.kubectl} get namespace ${environment} -o yaml\nWhen it has gone, run the same command again.`,
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
