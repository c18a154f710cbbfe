import type { PrepareOptions } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';
import { fieldManager } from './names';
import { howToSeeWhatRemains, remainingIn } from './remaining';
import { stamp } from './stamp';
import { until } from './until';

/**
 * Makes the namespace when it is not there, as the environment describes it; waits for one that is being deleted.
 * @returns whether it has made it
 */
export async function prepare(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
  { timeoutMs = 120_000, onNotice, signal }: PrepareOptions = {},
): Promise<boolean> {
  const reference = { apiVersion: 'v1', kind: 'Namespace', name: environment };
  let ending = '';
  let isThere = false;
  const usable = await until(
    async () => {
      const live = await client.get(reference);
      isThere = live !== undefined;
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
      `${howToSeeWhatRemains(client, environment)}\nWhen it has gone, run the same command again.`,
    );
  }
  if (isThere) return false;
  const namespace = desired.find(
    ({ kind, metadata }) => kind === 'Namespace' && metadata.name === environment,
  );
  if (!namespace)
    throw new UserError(
      `The namespace ${environment} is not there, and the environment's objects do not have it.`,
    );
  await client.apply(stamp(namespace, environment, false), { fieldManager });
  return true;
}
