import { isPrunable, type Change } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient, LiveObject } from '@berth/kube';
import { groupKinds, writeInventory } from './inventory';
import { kubernetesKinds } from './kinds';

/** Deletes what the plan says to prune, just those very objects, and takes their kinds out of the inventory. */
export async function prune(
  client: KubeClient,
  environment: string,
  changes: readonly Change[],
  desired: readonly KubernetesObject[],
): Promise<void> {
  await Promise.all(
    changes
      .filter(({ action, object }) => action === 'prune' && isPrunable(object, kubernetesKinds))
      .map(({ object, live }) => client.delete(object, { uid: (live as LiveObject).metadata.uid })),
  );
  // What is kept for the old versions of workloads must be found again.
  const kept = changes.filter((change) => change.action === 'same' && !change.desired);
  const left = [...desired, ...kept.map(({ object }) => object)];
  await writeInventory(client, environment, groupKinds(left));
}
