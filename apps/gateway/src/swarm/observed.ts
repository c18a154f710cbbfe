import { PUBLIC_LABEL } from '@berth/manifests';
import {
  observedSwarmService,
  SERVICE_NAME_LABEL,
  swarmPorts,
  type ObservedEndpointSlice,
  type ObservedService,
  type SwarmPort,
} from '@berth/routes';
import type { SwarmState, SwarmTask } from './state';

/** All of one moment as the route table knows it; by `<environment>/<service>`. */
export interface ObservedSwarm {
  services: Map<string, ObservedService>;
  endpointSlices: Map<string, ObservedEndpointSlice>;
}

/** Of each public service: what it asks for, and where its tasks answer. Pure. */
export function observedSwarm({ services, tasks }: SwarmState): ObservedSwarm {
  const byService = new Map<string, SwarmTask[]>();
  for (const task of tasks) {
    const own = byService.get(task.service);
    if (own) own.push(task);
    else byService.set(task.service, [task]);
  }
  const observed: ObservedSwarm = { services: new Map(), endpointSlices: new Map() };
  for (const service of services) {
    if (service.labels[PUBLIC_LABEL] !== 'true') continue;
    const found = observedSwarmService(service);
    const key = `${found.metadata.namespace}/${found.metadata.name}`;
    observed.services.set(key, found);
    observed.endpointSlices.set(
      key,
      endpointSlice(found, swarmPorts(service), byService.get(service.id) ?? []),
    );
  }
  return observed;
}

function endpointSlice(
  { metadata: { name, namespace = '' } }: ObservedService,
  ports: readonly SwarmPort[],
  tasks: readonly SwarmTask[],
): ObservedEndpointSlice {
  const addresses = tasks.flatMap(({ runs, address }) => (runs && address !== undefined ? [address] : []));
  return {
    metadata: { name, namespace, labels: { [SERVICE_NAME_LABEL]: name } },
    addressType: 'IPv4',
    endpoints: addresses.sort().map((address) => ({ addresses: [address] })),
    ports: ports.map(({ name: port, port: number }) => ({ name: port, port: number, protocol: 'TCP' })),
  };
}
