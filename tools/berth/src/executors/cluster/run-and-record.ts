import type { ExecutorContext } from '@nx/devkit';
import type { Step } from '@berth/clusters';
import type { Cluster } from '@berth/model';
import { writeResult } from '../../result-file';
import type { ClusterOptions } from './cluster-of';
import { runSteps } from './steps';

/** Runs a plan, unless this is a dry run, and writes what was planned and done into the `--json` file. */
export async function runAndRecord(
  { name: cluster }: Cluster,
  steps: readonly Step[],
  options: ClusterOptions,
  context: Pick<ExecutorContext, 'root' | 'isVerbose'>,
): Promise<void> {
  const plan = steps.map(({ title, details }) => ({ title, details }));
  const done = options.dryRun ? [] : await runSteps(steps, console.log, context.isVerbose);
  writeResult(context.root, options.json, { cluster, dryRun: !!options.dryRun, plan, done });
}
