import type { ExecutorContext } from '@nx/devkit';
import { isHostRemoving } from '@berth/clusters';
import { interruptible } from '@berth/exec';
import { UserError } from '@berth/model';
import { confirmDestruction } from '../confirm';
import { withUserErrors } from '../user-errors';
import { clusterOf, type ClusterOptions } from './cluster-of';
import { runAndRecord } from './run-and-record';
import { planLines } from './steps';

/** Lists what is done for hosts that cluster.json no longer names, asks, drains and removes them. */
export default function removeHosts(options: ClusterOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    interruptible(
      async (signal) => {
        const { cluster, provider } = clusterOf(context, signal);
        if (!isHostRemoving(provider)) {
          throw new UserError(
            `A cluster of the provider ${cluster.provider} has no hosts of yours.`,
            `To change how many nodes it has: nx resize ${context.projectName} --nodes=3`,
          );
        }
        const steps = await provider.planRemoval(cluster);
        if (steps.length === 0) {
          console.log(
            `Every node of ${cluster.name} is a host in ${cluster.root}/cluster.json: nothing to do.`,
          );
        } else {
          console.log(`Removing hosts from the cluster ${cluster.name} does this:`);
          for (const line of planLines(steps)) console.log(`  ${line}`);
          if (!options.dryRun)
            await confirmDestruction(cluster.name, options, `nx remove-hosts ${context.projectName}`);
        }
        await runAndRecord(cluster, steps, options, context);
      },
      { byPrograms: true },
    ),
  );
}
