import type { ExecutorContext } from '@nx/devkit';
import { confirmDestruction } from '../confirm';
import { interruptible } from '@berth/exec';
import { withUserErrors } from '../user-errors';
import { clusterOf, type ClusterOptions } from './cluster-of';
import { environmentLines } from './environments-in';
import { runAndRecord } from './run-and-record';
import { planLines } from './steps';

/** Lists everything of the cluster and the environments in it, asks, and deletes it. */
export default function destroy(options: ClusterOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    interruptible(
      async (signal) => {
        const { cluster, provider } = clusterOf(context, signal);
        const steps = await provider.planDestroy(cluster);
        if (steps.length === 0) {
          console.log(`There is nothing of the cluster ${cluster.name}.`);
        } else {
          console.log(`Destroying the cluster ${cluster.name} does this:`);
          for (const line of planLines(steps)) console.log(`  ${line}`);
          for (const line of await environmentLines(cluster, context.root)) console.log(line);
          if (!options.dryRun)
            await confirmDestruction(cluster.name, options, `nx destroy ${context.projectName}`);
        }
        await runAndRecord(cluster, steps, options, context);
      },
      { byPrograms: true },
    ),
  );
}
