import type { ExecutorContext } from '@nx/devkit';
import type { ClusterProvider, Step } from '@berth/clusters';
import { interruptible } from '@berth/exec';
import { UserError, type Cluster } from '@berth/model';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { clusterOf, type ClusterOptions } from './cluster-of';
import { planLines, runSteps } from './steps';

/** Stops the cluster; its data stays for the next `create`. */
export default function stop(options: ClusterOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    interruptible(
      async (signal) => {
        const { cluster, provider } = clusterOf(context, signal);
        if (!canStop(provider)) {
          throw new UserError(
            `A cluster of the provider ${cluster.provider} cannot be stopped.`,
            `To delete it: nx destroy ${context.projectName}`,
          );
        }
        const steps = await provider.planStop(cluster);
        if (steps.length === 0) console.log(`Nothing of the cluster ${cluster.name} runs.`);
        if (options.dryRun) for (const line of planLines(steps)) console.log(line);
        const done = options.dryRun ? [] : await runSteps(steps, console.log, context.isVerbose);
        writeResult(context.root, options.json, { cluster: cluster.name, dryRun: !!options.dryRun, done });
      },
      { byPrograms: true },
    ),
  );
}

/** An ability that not every provider has. */
function canStop(
  provider: ClusterProvider,
): provider is ClusterProvider & { planStop(cluster: Cluster): Promise<Step[]> } {
  return 'planStop' in provider;
}
