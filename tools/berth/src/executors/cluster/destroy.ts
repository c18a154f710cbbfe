import type { ExecutorContext } from '@nx/devkit';
import { confirmDestruction } from '../confirm';
import { interruptible } from '@berth/exec';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { clusterOf, type ClusterOptions } from './cluster-of';
import { planLines, runSteps } from './steps';

/** Lists everything of the cluster, asks, and deletes it. */
export default function destroy(options: ClusterOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    interruptible(
      async (signal) => {
        const { cluster, provider } = clusterOf(context, signal);
        const steps = await provider.planDestroy(cluster);
        const plan = steps.map(({ title, details }) => ({ title, details }));
        if (steps.length === 0) {
          console.log(`There is nothing of the cluster ${cluster.name}.`);
        } else {
          console.log(`Destroying the cluster ${cluster.name} does this:`);
          for (const line of planLines(steps)) console.log(`  ${line}`);
          if (!options.dryRun)
            await confirmDestruction(cluster.name, options, `nx destroy ${context.projectName}`);
        }
        const done = options.dryRun ? [] : await runSteps(steps, console.log, context.isVerbose);
        writeResult(context.root, options.json, {
          cluster: cluster.name,
          dryRun: !!options.dryRun,
          plan,
          done,
        });
      },
      { byPrograms: true },
    ),
  );
}
