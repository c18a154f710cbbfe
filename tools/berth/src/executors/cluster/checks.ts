import type { ExecutorContext } from '@nx/devkit';
import { checkLines, type Checking } from '@berth/clusters';
import type { Cluster } from '@berth/model';
import { writeResult } from '../../result-file';
import type { ClusterOptions } from './cluster-of';

/**
 * Shows what Berth needs of a cluster that somebody else has made, and what is missing. Nothing is made.
 * @returns whether environments can run there
 */
export async function showChecks(
  cluster: Cluster,
  provider: Checking,
  { json, dryRun = false }: ClusterOptions,
  context: Pick<ExecutorContext, 'root'>,
): Promise<boolean> {
  const findings = await provider.check(cluster);
  console.log(`The cluster ${cluster.name} is there already, and nothing is made of it:`);
  for (const line of checkLines(findings)) console.log(`  ${line}`);
  const usable = findings.every(({ state }) => state !== 'missing');
  console.log(
    usable
      ? `Environments can run on ${cluster.name}.`
      : `Environments cannot run on ${cluster.name} until what is marked with ✗ is there.`,
  );
  writeResult(context.root, json, { cluster: cluster.name, dryRun, usable, findings, plan: [], done: [] });
  return usable;
}
