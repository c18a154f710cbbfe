import { isIPv6 } from 'node:net';
import type { AddressCheck } from './addresses';
import type { ObservedEndpointSlice } from './observed';

export interface Endpoints {
  /** As a Route has them. */
  endpoints: string[];
  /** Addresses that no route may lead to, with what they are. */
  refused: { address: string; kind: string }[];
}

/** Of one slice's port, with the check that its addresses went through. */
interface Found extends Endpoints {
  check: AddressCheck;
}

/**
 * By slice and port. A slice is read once: a cluster has thousands, and one of them changes at a time; to check all their
 * addresses took half a second for ten thousand routes.
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
  const parts = slices.map((slice) => endpointsIn(slice, port, check));
  return parts.length === 1 ? parts[0]! : merged(parts);
}

function endpointsIn(slice: ObservedEndpointSlice, port: string, check: AddressCheck): Endpoints {
  const ports = known.get(slice) ?? new Map<string, Found>();
  const before = ports.get(port);
  if (before?.check === check) return before;
  const found = { ...merged([readSlice(slice, port, check)]), check };
  known.set(slice, ports.set(port, found));
  return found;
}

function readSlice(slice: ObservedEndpointSlice, port: string, check: AddressCheck): Endpoints {
  const found: Endpoints = { endpoints: [], refused: [] };
  const numbers = portNumbers(slice, port);
  if (numbers.length === 0) return found;
  for (const { addresses, conditions } of slice.endpoints ?? []) {
    const ready = conditions?.ready ?? true;
    if (!ready || !(conditions?.serving ?? ready) || conditions?.terminating) continue;
    // All addresses of one endpoint are the same pod (EndpointSlice.endpoints.addresses): one is enough.
    const [address] = addresses;
    if (address === undefined) continue;
    const kind = check(address);
    if (kind !== undefined) found.refused.push({ address, kind });
    else found.endpoints.push(...numbers.map((number) => written(address, number)));
  }
  return found;
}

/** Sorted, and none twice. */
function merged(parts: readonly Endpoints[]): Endpoints {
  const kinds = new Map(parts.flatMap(({ refused }) => refused.map(({ address, kind }) => [address, kind])));
  return {
    endpoints: [...new Set(parts.flatMap(({ endpoints }) => endpoints))].sort(),
    refused: [...kinds]
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
