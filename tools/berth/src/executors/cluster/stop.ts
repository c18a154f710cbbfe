import type { ExecutorContext } from '@nx/devkit';
import { writeResult } from '../result-file';
import { withUserErrors } from '../user-errors';
import { clusterOf, type ClusterOptions } from './cluster-of';
import { planLines, runSteps } from './steps';

/** Stops the cluster; its data stays for the next `create`. */
export default function stop(options: ClusterOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    const { cluster, provider } = clusterOf(context);
    const steps = await provider.planStop(cluster);
    if (steps.length === 0) console.log(`Nothing of the cluster ${cluster.name} runs.`);
    if (options.dryRun) for (const line of planLines(steps)) console.log(line);
    const done = options.dryRun ? [] : await runSteps(steps, console.log, context.isVerbose);
    writeResult(context.root, options.json, { cluster: cluster.name, dryRun: !!options.dryRun, done });
  });
}
