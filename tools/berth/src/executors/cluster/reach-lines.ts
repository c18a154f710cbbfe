import { products, type Recognised } from '@berth/clusters';
import type { OrchestratorName } from '@berth/model';
import type { CheckedName } from '../../cluster/check-names';
import type { OuterAddress, OuterPort, Target } from '../../cluster/outer-address';
import { columns } from '../columns';

/** What is known of the way to the services of a cluster. */
export interface ShownReach {
  gateway: OuterAddress;
  names: readonly CheckedName[];
  /** Whether names below localhost lead to the gateway, as far as that was tried. */
  localhost?: { port: number; answers: boolean };
  /** The environment of this workspace that has the gateway there; absent when none has. */
  gatewayEnvironment?: string;
  cluster: string;
  orchestrator: OrchestratorName;
  product?: Recognised['product'];
  /** The path of cluster.json. */
  file: string;
}

/** Where the gateway answers, and what DNS says of the names that must lead there, as lines of text. */
export function reachLines(shown: ShownReach): string[] {
  return [...aboutGateway(shown), ...shown.names.flatMap((name) => aboutName(name, shown))];
}

function aboutGateway({
  gateway,
  gatewayEnvironment,
  cluster,
  product,
  file,
  orchestrator,
}: ShownReach): string[] {
  switch (gateway.state) {
    case 'absent':
      return [
        `gateway: not reachable from outside, ${gateway.why}`,
        gatewayEnvironment === undefined
          ? `    no environment of this workspace has it here: nx g env admin-${cluster} --cluster ${cluster}${orchestrator === 'kubernetes' ? '' : ` --orchestrator ${orchestrator}`} --projects <selector>`
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

function aboutName(name: CheckedName, shown: ShownReach): string[] {
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
