import type { ClusterReport } from '../../cluster/cluster-status';
import { columns } from '../columns';
import { reachLines, type ShownReach } from './reach-lines';

/** What is known of a cluster, for a person. */
export interface ShownCluster extends Pick<
  ShownReach,
  'names' | 'localhost' | 'gatewayEnvironment' | 'file'
> {
  report: ClusterReport;
}

/** The status of a cluster as lines of text. */
export function clusterLines({ report, ...shown }: ShownCluster): string[] {
  const { cluster, gateway, product } = report;
  const reach = { ...shown, cluster, gateway, orchestrator: 'kubernetes' as const };
  return [...aboutCluster(report), ...reachLines({ ...reach, ...(product && { product }) })];
}

function aboutCluster({
  cluster,
  provider,
  recognised,
  version,
  nodes,
  environments,
  registry,
}: ClusterReport) {
  const kind = provider === 'existing' ? (recognised ?? 'not recognised') : provider;
  const lines = [`${cluster}: ${kind}, Kubernetes ${version}`];
  if (!nodes) lines.push('nodes: these credentials may not see them');
  else {
    const ready = nodes.filter((node) => node.ready).length;
    lines.push(`${ready} of ${nodes.length} nodes ready`);
    const rows = nodes.map((node) => [
      node.name,
      node.ready ? 'ready' : 'not ready',
      ...(node.unschedulable ? ['takes no new pods'] : node.version === version ? [] : [node.version]),
    ]);
    for (const line of columns(rows)) lines.push(`    ${line}`);
  }
  if (environments) lines.push(`environments: ${environments.join(', ') || 'none'}`);
  if (registry !== undefined) lines.push(`announces the registry ${registry}`);
  return lines;
}
