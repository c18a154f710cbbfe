import type { ExecutorContext } from '@nx/devkit';
import { isResizing } from '@berth/clusters';
import { interruptible } from '@berth/exec';
import { UserError } from '@berth/model';
import { withUserErrors } from '../user-errors';
import { clusterOf, type ClusterOptions } from './cluster-of';
import { runAndRecord } from './run-and-record';
import { planLines } from './steps';

export interface ResizeOptions extends ClusterOptions {
  nodes?: number;
}

/** Brings the cluster to another number of nodes. */
export default function resize(options: ResizeOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    interruptible(
      async (signal) => {
        const { cluster, provider } = clusterOf(context, signal);
        const command = `nx resize ${context.projectName} --nodes=3`;
        if (!isResizing(provider)) {
          throw new UserError(
            `A cluster of the provider ${cluster.provider} cannot be resized: its nodes are the machines in ${cluster.root}/cluster.json.`,
            `Change hosts there. Then, for those that are new: nx create ${context.projectName}; for those that have left: nx remove-hosts ${context.projectName}`,
          );
        }
        const { nodes } = options;
        if (nodes === undefined || !Number.isInteger(nodes) || nodes < 0) {
          throw new UserError(
            nodes === undefined
              ? 'Nothing says how many nodes it is to have.'
              : `--nodes must be a whole number from 0 on, not ${nodes}.`,
            command,
          );
        }
        const steps = await provider.planResize(cluster, nodes);
        if (steps.length === 0) console.log(`The cluster ${cluster.name} has ${nodes} nodes: nothing to do.`);
        for (const line of planLines(steps)) console.log(line);
        await runAndRecord(cluster, steps, options, context);
      },
      { byPrograms: true },
    ),
  );
}
