import { join } from 'node:path';
import { networkFile } from '../machine/configuration';
import { RULE_COMMENT } from '../machine/network';
import type { Machine } from '../machine';
import type { MachineFile } from '../files';
import type { MachinePaths } from '../paths';
import { POD_SUBNET, SERVICE_SUBNET } from '../settings';

/** A node as the others reach its pods. */
export interface PodRoute {
  name: string;
  address: string;
  podSubnet: string;
}

export const routesPath = (paths: MachinePaths) => join(paths.state, 'cni/routes');
const rulesPath = (paths: MachinePaths) => join(paths.state, 'cni/rules');

const COMMENT = ['-m', 'comment', '--comment', RULE_COMMENT];

/** Rules of iptables: table, chain and the rest. */
function rules(): [table: string, chain: string, rule: string[]][] {
  return [
    // Pods keep their addresses among themselves, and leave the cluster by their node's.
    ['nat', 'POSTROUTING', ['-s', POD_SUBNET, '!', '-d', POD_SUBNET, ...COMMENT, '-j', 'MASQUERADE']],
    // Before anything that drops, as a dockerd's policy does.
    ['filter', 'FORWARD', ['-s', POD_SUBNET, ...COMMENT, '-j', 'ACCEPT']],
    ['filter', 'FORWARD', ['-d', POD_SUBNET, ...COMMENT, '-j', 'ACCEPT']],
  ];
}

/**
 * The files of a node's network: what its pods get, routes to the pods of the other nodes, and rules. A service's
 * address that kube-proxy does not translate yet must not leave by the default route, where a stranger may answer.
 */
export function networkFiles(machine: Machine, own: PodRoute, others: readonly PodRoute[]): MachineFile[] {
  const { paths, node } = machine;
  const tables = ['nat', 'filter'].map((table) => {
    const lines = rules().flatMap(([of, chain, rule]) =>
      of === table ? [`-I ${chain} ${rule.join(' ')}`] : [],
    );
    return [`*${table}`, ...lines, 'COMMIT', ''].join('\n');
  });
  return [
    networkFile({ paths, node: { ...node, podSubnet: own.podSubnet } }),
    {
      path: routesPath(paths),
      content: [
        `route replace ${SERVICE_SUBNET} dev ${node.device}`,
        ...others.map(
          ({ podSubnet, address }) => `route replace ${podSubnet} via ${address} dev ${node.device}`,
        ),
        '',
      ].join('\n'),
    },
    { path: rulesPath(paths), content: tables.join('') },
  ];
}

/** What brings routes and rules about, each once, however often it runs. A rule that is not there cannot be deleted. */
export function networkCommands(paths: MachinePaths): string[][] {
  return [
    ['/bin/ip', '-force', '-batch', routesPath(paths)],
    ...rules().map(([table, chain, rule]) => ['/usr/sbin/iptables', '-w', '-t', table, '-D', chain, ...rule]),
    ['/usr/sbin/iptables-restore', '-w', '--noflush', rulesPath(paths)],
  ];
}

/** What asks for each rule. */
export function ruleQuestions(): string[][] {
  return rules().map(([table, chain, rule]) => [
    '/usr/sbin/iptables',
    '-w',
    '-t',
    table,
    '-C',
    chain,
    ...rule,
  ]);
}
