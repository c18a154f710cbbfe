/* Only tests use this: the rules of the table as one goes through a whole state, to compare with what is kept current. */
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
import { olderFirst, referenceOf, refusedAddresses, takenHost } from './refusals';
import type { Refusal, Route, RouteTable } from './route';

interface Owner {
  service: ObservedService;
  port: string;
}

export function plainTable(observed: Observed, apiServers: Iterable<string> = []): RouteTable {
  const slices = byService(observed.endpointSlices);
  const check = addressCheck([...apiServers, ...apiServerAddresses(slices.get('default/kubernetes') ?? [])]);
  const routes = new Map<string, Route>();
  const owners = new Map<string, Owner>();
  const refused: Refusal[] = [];
  const isPublic = ({ metadata }: ObservedService) => metadata.labels?.[PUBLIC_LABEL] === 'true';
  for (const service of observed.services.filter(isPublic).sort(olderFirst)) {
    const reference = referenceOf(service);
    const { claims, refused: unfit } = claimsOf(service);
    refused.push(...unfit.map((refusal) => ({ service: reference, ...refusal })));
    const ports = new Map<string, Endpoints>();
    for (const { host, ...claim } of claims) {
      const owner = owners.get(host);
      if (owner) {
        if (owner.service !== service || owner.port !== claim.port)
          refused.push(takenHost(reference, host, owner.service, owner.port));
        continue;
      }
      owners.set(host, { service, port: claim.port });
      const own = slices.get(`${reference.namespace}/${reference.name}`) ?? [];
      const found = ports.get(claim.port) ?? endpointsOf(own, claim.port, check);
      ports.set(claim.port, found);
      const { namespace: environment, name } = reference;
      routes.set(host, { environment, service: name, ...claim, endpoints: found.endpoints });
    }
    refused.push(
      ...refusedAddresses(
        reference,
        [...ports.values()].flatMap((found) => found.refused),
      ),
    );
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
