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

/** Made when the first address is checked: who only asks for hosts checks none. */
let lists: { never: (readonly [kind: string, list: BlockList])[]; embedded: BlockList } | undefined;

/** Undefined when an address is fine, else what it is. */
export type AddressCheck = (address: string) => string | undefined;

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
  const { never, embedded } = (lists ??= {
    never: NEVER.map(([kind, prefixes]) => [kind, blockList(prefixes)] as const),
    embedded: blockList([EMBEDDED]),
  });
  const servers = new BlockList();
  for (const address of apiServers) {
    const version = isIP(address);
    if (version) servers.addAddress(address, version === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const version = isIP(address);
    if (!version || address.includes('%')) return 'no IP address';
    const family = version === 4 ? 'ipv4' : 'ipv6';
    if (version === 6 && embedded.check(address, 'ipv6')) return 'an IPv4 address written as IPv6';
    if (servers.check(address, family)) return "an API server's address";
    const found = never.find(([, list]) => list.check(address, family));
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

function blockList(prefixes: readonly string[]): BlockList {
  const list = new BlockList();
  for (const prefix of prefixes) {
    const [address, length] = prefix.split('/') as [string, string];
    list.addSubnet(address, Number(length), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
