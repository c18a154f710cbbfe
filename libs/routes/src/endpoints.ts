import { isIPv6 } from 'node:net';
import type { AddressCheck } from './addresses';
import type { ObservedEndpointSlice } from './observed';

export interface Endpoints {
  /** As a Route has them. */
  endpoints: string[];
  /** Addresses that no route may lead to, with what they are. */
  refused: { address: string; kind: string }[];
}

interface Found extends Endpoints {
  slices: readonly ObservedEndpointSlice[];
  check: AddressCheck;
}

/**
 * By the first slice and the port. Found once: a cluster has thousands of Services, and one of them changes at a time;
 * to check all their addresses took half a second for ten thousand routes.
 */
const known = new WeakMap<ObservedEndpointSlice, Map<string, Found>>();

/**
 * Where a Service's port is served: endpoints that are ready and serving and do not terminate. The slice's ports carry
 * the Service port's name and the number that a named target port has in those pods, which may differ by slice.
 */
export function endpointsOf(
  slices: readonly ObservedEndpointSlice[],
  port: string,
  check: AddressCheck,
): Endpoints {
  const [first] = slices;
  if (!first) return { endpoints: [], refused: [] };
  const ports = known.get(first) ?? new Map<string, Found>();
  const before = ports.get(port);
  if (before && before.check === check && isSame(before.slices, slices)) return before;
  const found = { ...findEndpoints(slices, port, check), slices, check };
  known.set(first, ports.set(port, found));
  return found;
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

function findEndpoints(
  slices: readonly ObservedEndpointSlice[],
  port: string,
  check: AddressCheck,
): Endpoints {
  const endpoints = new Set<string>();
  const refused = new Map<string, string>();
  for (const slice of slices) {
    const numbers = portNumbers(slice, port);
    if (numbers.length === 0) continue;
    for (const { addresses, conditions } of slice.endpoints ?? []) {
      const ready = conditions?.ready ?? true;
      if (!ready || !(conditions?.serving ?? ready) || conditions?.terminating) continue;
      // All addresses of one endpoint are the same pod (EndpointSlice.endpoints.addresses): one is enough.
      const [address] = addresses;
      if (address === undefined) continue;
      const kind = check(address);
      if (kind !== undefined) refused.set(address, kind);
      else for (const number of numbers) endpoints.add(written(address, number));
    }
  }
  return {
    endpoints: [...endpoints].sort(),
    refused: [...refused]
      .map(([address, kind]) => ({ address, kind }))
      .sort((one, other) => (one.address < other.address ? -1 : 1)),
  };
}

function portNumbers({ ports }: ObservedEndpointSlice, name: string): number[] {
  return (ports ?? []).flatMap(({ name: given, port, protocol }) =>
    (given ?? '') === name && (protocol ?? 'TCP') === 'TCP' && isPort(port) ? [port] : [],
  );
}

function isPort(port: number | null | undefined): port is number {
  return Number.isInteger(port) && port! > 0 && port! < 65536;
}

function written(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
