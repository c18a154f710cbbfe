import type { ExecutorContext } from '@nx/devkit';
import { isChecking } from '@berth/clusters';
import { interruptible } from '@berth/exec';
import { withUserErrors } from '../user-errors';
import { showChecks } from './checks';
import { clusterOf, type ClusterOptions } from './cluster-of';
import { runAndRecord } from './run-and-record';
import { planLines } from './steps';

/** Creates what is missing of the cluster; with nothing missing it does nothing. One that somebody else made is looked at. */
export default function create(options: ClusterOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    interruptible(
      async (signal) => {
        const { cluster, provider } = clusterOf(context, signal);
        if (isChecking(provider)) return await showChecks(cluster, provider, options, context);
        const steps = await provider.planCreate(cluster);
        if (steps.length === 0) {
          console.log(`The cluster ${cluster.name} is up: nothing to do.`);
        } else {
          console.log(`The cluster ${cluster.name} needs:`);
          for (const line of planLines(steps)) console.log(`  ${line}`);
        }
        await runAndRecord(cluster, steps, options, context);
      },
      { byPrograms: true },
    ),
  );
}
