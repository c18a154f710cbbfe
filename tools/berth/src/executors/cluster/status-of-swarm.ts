import type { Port } from '@berth/model';
import type { OpenedPorts } from '@berth/orchestrators';
import type { OuterAddress } from '../../cluster/outer-address';
import { askSwarm } from '../../cluster/swarm-cluster';
import { gateway, gatewayOf } from '../../environment/gateway';
import { reachLines } from './reach-lines';
import type { ClusterPart, StatusQuestion } from './status-part';
import { reachOf } from './status-reach';
import { swarmLines } from './swarm-lines';

/** @throws UserError when the Swarm does not answer, or there is none */
export async function swarmPart(question: StatusQuestion): Promise<ClusterPart> {
  const { cluster, workspace, projects } = question;
  const { name } = cluster;
  const own = gatewayOf({ ...workspace, projects }, { cluster: name, orchestrator: 'swarm' });
  const environment = own?.environment.name ?? gateway.environment;
  const { opened, ...report } = await askSwarm(cluster, { environment, service: gateway.service });
  const found = outerAddressOf(opened, environment, own?.service.ports);
  const reach = await reachOf(question, 'swarm', found);
  const lines = [
    ...swarmLines(cluster, report),
    ...reachLines({
      ...{
        ...reach,
        gateway: found,
        cluster: name,
        orchestrator: 'swarm',
        file: `${cluster.root}/cluster.json`,
      },
      ...(own && { gatewayEnvironment: environment }),
    }),
  ];
  return { lines, result: { ...report, gateway: found, ...reach } };
}

/**
 * Where the gateway of a Swarm is reached.
 * @param environment that has it, or would
 * @param named its ports by service.json, for their names
 */
export function outerAddressOf(
  opened: OpenedPorts | undefined,
  environment: string,
  named: readonly Pick<Port, 'name' | 'port'>[] = [],
): OuterAddress {
  const service = `${environment}_${gateway.service}`;
  if (!opened) return { state: 'absent', why: `there is no service ${service}` };
  const { addresses } = opened;
  const nameOf = (inside: number) => named.find(({ port }) => port === inside)?.name ?? String(inside);
  const ports = opened.ports.map(({ port, inside }) => ({ name: nameOf(inside), port }));
  if (ports.length === 0)
    return { state: 'absent', why: `the service ${service} opens no port of its nodes` };
  if (addresses.length === 0)
    return { state: 'absent', why: `no node that says its address runs a task of ${service}` };
  return { state: 'there', targets: addresses.map((ip) => ({ ip })), ports, how: 'nodes that run it' };
}
