import { UserError } from '@berth/model';
import { isLocalhost, recordsFor, type DnsName, type DnsRecord } from './dns-records';
import type { Target } from './outer-address';
import type { NameResolver, Resolved } from './resolver';

/** What DNS says of a name, beside what it should. */
export interface CheckedName extends DnsName {
  /** What to make; empty for names below localhost, and while nobody knows where the gateway is. */
  records: DnsRecord[];
  /**
   * `right`: it leads to the gateway. `wrong`: elsewhere, or elsewhere too. `missing`: DNS has no such name. `unknown`: no
   * server has said. `needless`: names below localhost are this machine.
   */
  state: 'right' | 'wrong' | 'missing' | 'unknown' | 'needless';
  /** Where it leads, when it is asked. */
  leadsTo: string[];
  /** Why nothing is known. */
  problem?: string;
}

/** Asks DNS for each name whether it leads where the gateway is. Names and targets are asked side by side. */
export async function checkNames(
  names: readonly DnsName[],
  targets: readonly Target[],
  resolver: NameResolver,
  label: () => string,
): Promise<CheckedName[]> {
  const own = Promise.all(targets.map((target) => ownAddresses(target, resolver)));
  // A name may be asked before the targets are known; what is wrong with them is told where they are needed.
  own.catch(() => undefined);
  return Promise.all(
    names.map(async (name): Promise<CheckedName> => {
      if (isLocalhost(name.name.replace(/^\*\./, '')))
        return { ...name, records: [], state: 'needless', leadsTo: [] };
      const records = recordsFor(name.name, targets);
      try {
        // Nobody has made a record for a label that nobody knows: only the wildcard can answer.
        const found = await resolver.resolve(name.name.replace(/^\*/, label()));
        const leadsTo = [...found.aliases, ...found.addresses];
        if (leadsTo.length === 0) return { ...name, records, state: 'missing', leadsTo };
        const state = targets.length === 0 ? 'unknown' : leads(found, targets, (await own).flat());
        return { ...name, records, state, leadsTo };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { ...name, records, state: 'unknown', leadsTo: [], problem: error.message };
      }
    }),
  );
}

function leads(found: Resolved, targets: readonly Target[], addresses: readonly string[]): 'right' | 'wrong' {
  const hosts = targets.flatMap((target) => ('host' in target ? [plain(target.host)] : []));
  if (found.aliases.some((alias) => hosts.includes(plain(alias)))) return 'right';
  return found.addresses.length > 0 && found.addresses.every((each) => addresses.includes(each))
    ? 'right'
    : 'wrong';
}

/** A name that only a load balancer has leads to addresses that change: they are those of now. */
async function ownAddresses(target: Target, resolver: NameResolver): Promise<string[]> {
  if ('ip' in target) return [target.ip];
  if (isLocalhost(target.host)) return ['127.0.0.1', '::1'];
  return (await resolver.resolve(target.host)).addresses;
}

/** DNS knows no upper case, and may end a name with a dot. */
function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
