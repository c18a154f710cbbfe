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
  port: string;
  check: AddressCheck;
}

/**
 * By slice, of Services that have several: one of them changes at a time. Most have one port that is asked for. Of the
 * thousands that are their Service's only one nothing is remembered, since they are read when they change.
 */
const known = new WeakMap<ObservedEndpointSlice, Found[]>();

/**
 * Where a Service's port is served: endpoints that are ready and serving and do not terminate. The slice's ports carry
 * the Service port's name and the number that a named target port has in those pods, which may differ by slice.
 */
export function endpointsOf(
  slices: readonly ObservedEndpointSlice[],
  port: string,
  check: AddressCheck,
): Endpoints {
  if (slices.length === 1) return readSlice(slices[0]!, port, check);
  return merged(slices.map((slice) => endpointsIn(slice, port, check)));
}

function endpointsIn(slice: ObservedEndpointSlice, port: string, check: AddressCheck): Endpoints {
  const all = known.get(slice) ?? [];
  const before = all.find((found) => found.port === port);
  if (before?.check === check) return before;
  const found = { ...readSlice(slice, port, check), port, check };
  known.set(slice, [...all.filter((other) => other !== before), found]);
  return found;
}

function readSlice(slice: ObservedEndpointSlice, port: string, check: AddressCheck): Endpoints {
  const numbers = portNumbers(slice, port);
  const found: Endpoints = { endpoints: [], refused: [] };
  if (numbers.length === 0) return found;
  for (const { addresses, conditions } of slice.endpoints ?? []) {
    const ready = conditions?.ready ?? true;
    if (!ready || !(conditions?.serving ?? ready) || conditions?.terminating) continue;
    // All addresses of one endpoint are the same pod (EndpointSlice.endpoints.addresses): one is enough.
    const [address] = addresses;
    if (address === undefined) continue;
    const kind = check(address);
    if (kind !== undefined) found.refused.push({ address, kind });
    else for (const number of numbers) found.endpoints.push(written(address, number));
  }
  return { endpoints: sorted(found.endpoints), refused: named(found.refused) };
}

function merged(parts: readonly Endpoints[]): Endpoints {
  return {
    endpoints: sorted(parts.flatMap(({ endpoints }) => endpoints)),
    refused: named(parts.flatMap(({ refused }) => refused)),
  };
}

/** And none twice; an array of just that length, which one that was pushed to is not. */
function sorted(endpoints: string[]): string[] {
  const unique = endpoints.sort().filter((endpoint, index) => endpoint !== endpoints[index - 1]);
  return unique.slice();
}

/** Sorted, and none twice. */
function named(refused: Endpoints['refused']): Endpoints['refused'] {
  if (refused.length === 0) return refused;
  const kinds = new Map(refused.map(({ address, kind }) => [address, kind]));
  return [...kinds]
    .map(([address, kind]) => ({ address, kind }))
    .sort((one, other) => (one.address < other.address ? -1 : 1));
}

function portNumbers({ ports }: ObservedEndpointSlice, name: string): number[] {
  const numbers: number[] = [];
  for (const { name: given, port, protocol } of ports ?? [])
    if ((given ?? '') === name && (protocol ?? 'TCP') === 'TCP' && isPort(port)) numbers.push(port);
  return numbers;
}

function isPort(port: number | null | undefined): port is number {
  return Number.isInteger(port) && port! > 0 && port! < 65536;
}

function written(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
