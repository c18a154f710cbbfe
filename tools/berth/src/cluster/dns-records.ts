import type { HostClaim } from '@berth/model';
import type { Target } from './outer-address';

/** A record to make in DNS. */
export interface DnsRecord {
  /** For example `*.example.com`. */
  name: string;
  type: 'A' | 'AAAA' | 'CNAME';
  value: string;
}

/** A name below which hosts of the cluster are, or one host of its own. */
export interface DnsName {
  /** For example `*.example.com`, or `desk.example.org`. */
  name: string;
  /** Whose it is, for example `staging`. */
  environments: string[];
}

/** Names below localhost are this machine, by whoever asks (RFC 6761, 6.3). */
export function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/**
 * The names that DNS must know: one wildcard for each domain, and hosts that none of them covers (a wildcard stands for
 * one label: RFC 4592, and certificates likewise).
 * @param environments with their domains
 * @param claims their hosts
 */
export function namesFor(
  environments: readonly { name: string; domain: string }[],
  claims: readonly Pick<HostClaim, 'host' | 'environment'>[],
): DnsName[] {
  const names = new Map<string, Set<string>>();
  const add = (name: string, environment: string) =>
    names.set(name, (names.get(name) ?? new Set()).add(environment));
  for (const { name, domain } of environments) add(`*.${domain}`, name);
  for (const { host, environment } of claims) {
    const wildcard = `*.${host.slice(host.indexOf('.') + 1)}`;
    if (!names.has(wildcard)) add(host, environment);
  }
  return [...names].map(([name, of]) => ({ name, environments: [...of].sort() }));
}

/** The records by which a name leads to the targets. A name that is a target's own takes no more than one. */
export function recordsFor(name: string, targets: readonly Target[]): DnsRecord[] {
  const host = targets.find((target) => 'host' in target);
  if (host) return [{ name, type: 'CNAME', value: host.host }];
  return targets.flatMap((target) =>
    'ip' in target ? [{ name, type: target.ip.includes(':') ? 'AAAA' : 'A', value: target.ip } as const] : [],
  );
}
