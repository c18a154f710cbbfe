import { products } from '@berth/clusters';
import type { CheckedName } from '../../cluster/check-names';
import type { ClusterReport } from '../../cluster/cluster-status';
import type { OuterAddress, OuterPort, Target } from '../../cluster/outer-address';
import { columns } from '../columns';

/** What is known of a cluster, for a person. */
export interface ShownCluster {
  report: ClusterReport;
  names: readonly CheckedName[];
  /** Whether names below localhost lead to the gateway, as far as that was tried. */
  localhost?: { port: number; answers: boolean };
  /** The environment of this workspace that has the gateway on this cluster; absent when none has. */
  gatewayEnvironment?: string;
  /** The path of cluster.json. */
  file: string;
}

/** The status of a cluster as lines of text. */
export function clusterLines(shown: ShownCluster): string[] {
  const { report } = shown;
  return [
    ...aboutCluster(report),
    ...aboutGateway(shown),
    ...shown.names.flatMap((name) => aboutName(name, shown)),
  ];
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

function aboutGateway({ report, gatewayEnvironment, file }: ShownCluster): string[] {
  const { gateway, product } = report;
  switch (gateway.state) {
    case 'absent':
      return [
        `gateway: not reachable from outside, ${gateway.why}`,
        gatewayEnvironment === undefined
          ? `    no environment of this workspace has it here: nx g env admin-${report.cluster} --cluster ${report.cluster} --projects <selector>`
          : `    nx deploy ${gatewayEnvironment}`,
      ];
    case 'pending': {
      const needs = product && products[product].portsNeed;
      return [
        `gateway: ${gateway.why}`,
        `    ${needs ?? `if nothing in this cluster gives addresses to load balancers, write "exposure": "node-ports" in ${file}`}`,
      ];
    }
    case 'there':
      return [`gateway: ${describe(gateway)}`];
  }
}

function describe({ targets, ports, how }: Extract<OuterAddress, { state: 'there' }>): string {
  const numbers = ports.map(({ name, port }: OuterPort) => `${port} (${name})`).join(', ');
  return `${targets.map(textOf).join(', ')}, port ${numbers}, by ${how}`;
}

function textOf(target: Target): string {
  return 'ip' in target ? target.ip : target.host;
}

const verdicts: Readonly<Record<Exclude<CheckedName['state'], 'needless'>, string>> = {
  right: 'is right',
  wrong: 'leads elsewhere',
  missing: 'is missing',
  unknown: 'is not known',
};

function aboutName(name: CheckedName, shown: ShownCluster): string[] {
  const of = `${name.name} (${name.environments.join(', ')})`;
  if (name.state === 'needless') {
    const { localhost } = shown;
    const tried =
      localhost === undefined
        ? ''
        : localhost.answers
          ? `, where port ${localhost.port} answers`
          : `, where port ${localhost.port} does not answer: a domain of your own can lead to the gateway`;
    return [`DNS: ${of} needs no record: it is this machine${tried}`];
  }
  const leads = name.leadsTo.length > 0 ? `, it leads to ${name.leadsTo.join(', ')}` : '';
  const lines = [
    `DNS: ${of} ${verdicts[name.state]}${name.problem === undefined ? leads : `: ${name.problem}`}`,
  ];
  if (name.state !== 'right') {
    const rows = name.records.map(({ name: host, type, value }) => [host, type, value]);
    for (const line of columns(rows)) lines.push(`    ${line}`);
  }
  if (name.name.startsWith('*.'))
    lines.push(
      `    for HTTPS a certificate of ${name.name}: authorities give one for a wildcard by a DNS challenge only (DNS-01)`,
    );
  return lines;
}
