import { localCluster } from './local-cluster';
import type { Workbench } from './main';

/** Everything down; images, volumes and the cluster's state stay for the next start. */
export async function stop({ root, progress, print, signal }: Workbench): Promise<void> {
  const { cluster, provider } = localCluster(root, signal);
  const steps = await provider.planStop(cluster);
  if (steps.length === 0) print('Nothing runs.');
  for (const step of steps) await progress.step(step.title, (log) => step.run(log));
}
