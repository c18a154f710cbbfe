import type { Endpoints } from './endpoints';
import type { ObservedService } from './observed';
import type { Refusal, ServiceReference } from './route';

/** Orders Services: who is older has a host before others, at the same second the first by namespace and name. */
export function olderFirst({ metadata: one }: ObservedService, { metadata: other }: ObservedService): number {
  return (
    order(one.creationTimestamp, other.creationTimestamp) ||
    order(one.namespace ?? '', other.namespace ?? '') ||
    order(one.name, other.name)
  );
}

export function referenceOf({ metadata: { namespace = '', name, uid } }: ObservedService): ServiceReference {
  return { namespace, name, uid };
}

/** A host that another Service has, or another port of the same. */
export function takenHost(
  service: ServiceReference,
  host: string,
  { metadata }: ObservedService,
  port: string,
): Refusal {
  const { namespace, name, creationTimestamp, uid } = metadata;
  const message =
    uid === service.uid
      ? `the Service's own port ${port} has the host ${host} already`
      : `the Service ${namespace}/${name} has the host ${host}, since ${creationTimestamp}`;
  return { service, host, reason: 'HostTaken', message };
}

/** One refusal for each kind of address with an example: a Service may have thousands of endpoints. */
export function refusedAddresses(service: ServiceReference, refused: Endpoints['refused']): Refusal[] {
  if (refused.length === 0) return [];
  const examples = new Map<string, string>();
  for (const { address, kind } of refused) {
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

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
