import type { Cluster } from '@berth/model';
import type { SwarmReport } from '@berth/orchestrators';
import { columns } from '../columns';

/** The status of a Swarm as lines of text. */
export function swarmLines(
  { name, docker }: Cluster,
  { version, nodes, environments }: SwarmReport,
): string[] {
  const ready = nodes.filter((node) => node.ready).length;
  const rows = nodes.map((node) => [
    node.name,
    node.ready ? 'ready' : 'not ready',
    node.isManager ? 'manager' : 'worker',
    ...(node.takesTasks ? [] : ['takes no tasks']),
  ]);
  const names = environments.map((each) => `${each.name}${each.isProtected ? ' (protected)' : ''}`);
  return [
    `${name}: a Swarm at ${docker}, Docker ${version}`,
    `${ready} of ${nodes.length} nodes ready`,
    ...columns(rows).map((line) => `    ${line}`),
    `environments: ${names.join(', ') || 'none'}`,
  ];
}
