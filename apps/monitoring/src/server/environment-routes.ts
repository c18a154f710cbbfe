import type { LiveObject } from '@berth/kube';
import { serviceOf } from '@berth/orchestrators';
import { routeTable, type ObservedEndpointSlice, type ObservedService } from '@berth/routes';
import type { RefusedRoute } from '../entries';
import type { EnvironmentRoutes } from './environment-entries';

interface Found {
  hosts: Map<string, string[]>;
  refused: RefusedRoute[];
  asked: { host: string; service: string; path: string }[];
  ports: Map<string, Set<string>>;
}

/** What the gateway makes of a cluster's Services, by environment: the same table, from the same objects. */
export function environmentRoutes(
  services: readonly LiveObject[],
  endpointSlices: readonly LiveObject[],
): Map<string, EnvironmentRoutes> {
  const { routes, refused } = routeTable({
    services: services as unknown as ObservedService[],
    endpointSlices: endpointSlices as unknown as ObservedEndpointSlice[],
  });
  const owners = new Map(
    services.map((service) => [`${service.metadata.namespace}/${service.metadata.name}`, serviceOf(service)]),
  );
  const found = new Map<string, Found>();
  const of = (environment: string) => {
    const there: Found = found.get(environment) ?? {
      hosts: new Map(),
      refused: [],
      asked: [],
      ports: new Map(),
    };
    found.set(environment, there);
    return there;
  };
  for (const service of services) {
    const { ports } = of(service.metadata.namespace ?? '');
    const owner = serviceOf(service);
    ports.set(owner, new Set([...(ports.get(owner) ?? []), ...portsOf(service)]));
  }
  for (const [host, { environment, service, protocol, proxy }] of routes) {
    const owner = owners.get(`${environment}/${service}`) ?? service;
    const { hosts, asked } = of(environment);
    hosts.set(owner, [...(hosts.get(owner) ?? []), host]);
    // gRPC has no page.
    if (protocol !== 'grpc') asked.push({ host, service: owner, path: proxy?.path ?? '/' });
  }
  for (const { service, host, reason, message } of refused)
    of(service.namespace).refused.push({ service: service.name, ...(host ? { host } : {}), reason, message });
  return new Map(
    [...found].map(([environment, { hosts, ports, ...rest }]) => [
      environment,
      {
        hosts: Object.fromEntries(hosts),
        ports: Object.fromEntries([...ports].map(([owner, set]) => [owner, [...set].sort()])),
        ...rest,
      },
    ]),
  );
}

function portsOf(service: LiveObject): string[] {
  const { ports = [] } = (service.spec ?? {}) as {
    ports?: { name?: string; port: number; protocol?: string }[];
  };
  return ports.map(({ name = '', port, protocol = 'TCP' }) =>
    [name, port, protocol === 'TCP' ? '' : protocol].filter((part) => part !== '').join(' '),
  );
}
