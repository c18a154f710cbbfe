import { PUBLIC_LABEL } from '@berth/manifests';
import { addressCheck, apiServerAddresses } from './addresses';
import { claimsOf } from './claims';
import { endpointsOf, type Endpoints } from './endpoints';
import {
  SERVICE_NAME_LABEL,
  type Observed,
  type ObservedEndpointSlice,
  type ObservedService,
} from './observed';
import type { Refusal, Route, RouteTable, ServiceReference } from './route';

export interface RouteTableOptions {
  /** Addresses of API servers besides those that the cluster's own EndpointSlice names. */
  apiServers?: Iterable<string>;
}

interface Owner {
  service: ObservedService;
  port: string;
}

/**
 * The routes of every public Service (label berth.dev/public=true), and what is refused and why.
 * A function of the whole state: in whatever order it is given and came to be, the table is the same. When two
 * Services come to one host the older keeps it, at the same second the first by namespace and name.
 */
export function routeTable(observed: Observed, { apiServers = [] }: RouteTableOptions = {}): RouteTable {
  const slices = byService(observed.endpointSlices);
  const check = addressCheck([...apiServers, ...apiServerAddresses(slices.get('default/kubernetes') ?? [])]);
  const routes = new Map<string, Route>();
  const owners = new Map<string, Owner>();
  const refused: Refusal[] = [];
  for (const service of oldestFirst(observed.services)) {
    const reference = referenceOf(service);
    const { claims, refused: unfit } = claimsOf(service);
    refused.push(...unfit.map((refusal) => ({ service: reference, ...refusal })));
    const ports = new Map<string, Endpoints>();
    for (const { host, ...claim } of claims) {
      const owner = owners.get(host);
      if (owner) {
        if (owner.service !== service || owner.port !== claim.port)
          refused.push(taken(reference, host, owner));
        continue;
      }
      owners.set(host, { service, port: claim.port });
      const own = slices.get(`${reference.namespace}/${reference.name}`) ?? [];
      const found = ports.get(claim.port) ?? endpointsOf(own, claim.port, check);
      ports.set(claim.port, found);
      const { namespace: environment, name } = reference;
      routes.set(host, { environment, service: name, ...claim, endpoints: found.endpoints });
    }
    refused.push(...refusedAddresses(reference, [...ports.values()]));
  }
  return { routes, refused };
}

function byService(slices: readonly ObservedEndpointSlice[]): Map<string, ObservedEndpointSlice[]> {
  const groups = new Map<string, ObservedEndpointSlice[]>();
  for (const slice of slices) {
    const { namespace = '', labels } = slice.metadata;
    const name = labels?.[SERVICE_NAME_LABEL];
    if (name === undefined) continue;
    const key = `${namespace}/${name}`;
    const group = groups.get(key);
    if (group) group.push(slice);
    else groups.set(key, [slice]);
  }
  return groups;
}

function oldestFirst(services: readonly ObservedService[]): ObservedService[] {
  const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  return services
    .filter(({ metadata }) => metadata.labels?.[PUBLIC_LABEL] === 'true')
    .sort(
      ({ metadata: one }, { metadata: other }) =>
        order(one.creationTimestamp, other.creationTimestamp) ||
        order(one.namespace ?? '', other.namespace ?? '') ||
        order(one.name, other.name),
    );
}

function referenceOf({ metadata: { namespace = '', name, uid } }: ObservedService): ServiceReference {
  return { namespace, name, uid };
}

function taken(service: ServiceReference, host: string, { service: owner, port }: Owner): Refusal {
  const { namespace, name, creationTimestamp, uid } = owner.metadata;
  const message =
    uid === service.uid
      ? `the Service's own port ${port} has the host ${host} already`
      : `the Service ${namespace}/${name} has the host ${host}, since ${creationTimestamp}`;
  return { service, host, reason: 'HostTaken', message };
}

/** One refusal for each kind of address with an example: a Service may have thousands of endpoints. */
function refusedAddresses(service: ServiceReference, found: readonly Endpoints[]): Refusal[] {
  const examples = new Map<string, string>();
  for (const { address, kind } of found.flatMap(({ refused }) => refused)) {
    const before = examples.get(kind);
    if (before === undefined || address < before) examples.set(kind, address);
  }
  return [...examples]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, address]) => ({
      service,
      reason: 'AddressRefused',
      message: `no route leads to the endpoint ${address}: it is ${kind}`,
    }));
}
