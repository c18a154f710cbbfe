import { BlockList, isIP } from 'node:net';
import { SERVICE_NAME_LABEL, type ObservedEndpointSlice } from './observed';

/** Kinds of address that are never an endpoint, as prefixes. https://www.iana.org/assignments/iana-ipv4-special-registry */
const NEVER: readonly [kind: string, prefixes: readonly string[]][] = [
  ['a loopback address', ['127.0.0.0/8', '::1/128']],
  ['a link-local address', ['169.254.0.0/16', 'fe80::/10']],
  ['an unspecified address', ['0.0.0.0/8', '::/128']],
  ['a multicast address', ['224.0.0.0/4', 'ff00::/8']],
  ['a broadcast address', ['255.255.255.255/32']],
];
/** IPv4 written as IPv6 (RFC 4291, 2.5.5): a second way to write each of the above. */
const EMBEDDED = '::ffff:0:0/96';

/** Made when the first IPv6 address is checked: most clusters have none. */
let lists: { never: (readonly [kind: string, list: BlockList])[]; embedded: BlockList } | undefined;

/** Undefined when an address is fine, else what it is. */
export type AddressCheck = (address: string) => string | undefined;

const [POINT, ZERO] = ['.', '0'].map((text) => text.charCodeAt(0)) as [number, number];

const API_SERVER = "an API server's address";

const isOfIPv6 = (prefix: string): boolean => prefix.includes(':');

/** As numbers: a BlockList makes an object of each address, which took half a second for those of 10,000 routes. */
const NEVER_OF_IPV4 = NEVER.flatMap(([kind, prefixes]) =>
  prefixes
    .filter((prefix) => !isOfIPv6(prefix))
    .map((prefix) => {
      const [address, length] = prefix.split('/') as [string, string];
      const first = ipv4Value(address);
      return { kind, first, last: first + 2 ** (32 - Number(length)) - 1 };
    }),
);

/** The API servers stay the same from one table to the next; what was checked with them is known by the check. */
let last: { apiServers: string; check: AddressCheck } | undefined;

/**
 * The check that every endpoint's address goes through. The same value for the same API servers.
 * @param apiServers the API servers' own addresses; on them answer the kubelet and etcd too
 */
export function addressCheck(apiServers: Iterable<string>): AddressCheck {
  const servers = [...new Set(apiServers)].sort();
  const key = servers.join(' ');
  if (last?.apiServers !== key) last = { apiServers: key, check: checkWith(servers) };
  return last.check;
}

function checkWith(apiServers: readonly string[]): AddressCheck {
  const serversOfIPv4 = new Set(apiServers.filter((address) => isIP(address) === 4));
  const checkIPv6 = lazily(() => ipv6Check(apiServers.filter((address) => isIP(address) === 6)));
  return (address) => {
    const version = isIP(address);
    if (!version || address.includes('%')) return 'no IP address';
    if (version === 6) return checkIPv6()(address);
    // An IPv4 address is written in one way only (isIP takes no leading zeros).
    if (serversOfIPv4.has(address)) return API_SERVER;
    const value = ipv4Value(address);
    return NEVER_OF_IPV4.find(({ first, last }) => value >= first && value <= last)?.kind;
  };
}

function ipv6Check(apiServers: readonly string[]): AddressCheck {
  const { never, embedded } = (lists ??= {
    never: NEVER.map(([kind, prefixes]) => [kind, blockList(prefixes.filter(isOfIPv6))] as const),
    embedded: blockList([EMBEDDED]),
  });
  const servers = new BlockList();
  for (const address of apiServers) servers.addAddress(address, 'ipv6');
  return (address) => {
    if (embedded.check(address, 'ipv6')) return 'an IPv4 address written as IPv6';
    if (servers.check(address, 'ipv6')) return API_SERVER;
    const found = never.find(([, list]) => list.check(address, 'ipv6'));
    return found?.[0];
  };
}

/** Addresses of the API servers: the endpoints of the Service `kubernetes` in `default`, which they keep themselves. */
export function apiServerAddresses(endpointSlices: readonly ObservedEndpointSlice[]): string[] {
  return endpointSlices
    .filter(
      ({ metadata: { namespace, labels } }) =>
        namespace === 'default' && labels?.[SERVICE_NAME_LABEL] === 'kubernetes',
    )
    .flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ addresses }) => addresses));
}

/** @param address four numbers with points between */
function ipv4Value(address: string): number {
  let [value, part] = [0, 0];
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index);
    if (code === POINT) [value, part] = [value * 256 + part, 0];
    else part = part * 10 + code - ZERO;
  }
  return value * 256 + part;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function blockList(prefixes: readonly string[]): BlockList {
  const list = new BlockList();
  for (const prefix of prefixes) {
    const [address, length] = prefix.split('/') as [string, string];
    list.addSubnet(address, Number(length), 'ipv6');
  }
  return list;
}
