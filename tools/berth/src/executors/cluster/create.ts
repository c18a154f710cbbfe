import type { ExecutorContext } from '@nx/devkit';
import { interruptible } from '@berth/exec';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { clusterOf, type ClusterOptions } from './cluster-of';
import { planLines, runSteps } from './steps';

/** Creates what is missing of the cluster; with nothing missing it does nothing. */
export default function create(options: ClusterOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    interruptible(
      async (signal) => {
        const { cluster, provider } = clusterOf(context, signal);
        const steps = await provider.planCreate(cluster);
        const plan = steps.map(({ title, details }) => ({ title, details }));
        if (steps.length === 0) {
          console.log(`The cluster ${cluster.name} is up: nothing to do.`);
        } else {
          console.log(`The cluster ${cluster.name} needs:`);
          for (const line of planLines(steps)) console.log(`  ${line}`);
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
