import { Resolver } from 'node:dns/promises';
import { isIPv4, isIPv6 } from 'node:net';
import { ProbeProblem } from './problem';

/**
 * Asks the cluster's DNS.
 * @param name `<service>.<environment>`
 * @param family of the addresses that are asked for
 * @throws ProbeProblem when it knows no such name, or does not answer
 */
export type Resolve = (name: string, family: 4 | 6) => Promise<readonly string[]>;

const unknownName = new Set(['ENOTFOUND', 'ENODATA']);

type Resolving = Pick<Resolver, 'resolve4' | 'resolve6'>;

const patient = (): Resolver => new Resolver({ timeout: 1_000, tries: 2 });

/**
 * Completes names as a pod's own resolver does with them. It is not the C library that asks: that has four threads for
 * all of Node, and would hold up the files of histories while DNS is away.
 * @param resolvConf content of /etc/resolv.conf
 * @returns undefined where it is not that of a pod
 */
export function clusterResolver(resolvConf: string, resolver: Resolving = patient()): Resolve | undefined {
  const search = /^search[ \t]+(.*)$/m.exec(resolvConf)?.[1]?.split(/[ \t]+/) ?? [];
  const domain = search.find((each) => each.startsWith('svc.'));
  if (domain === undefined) return undefined;
  return (name, family) => asked(resolver, name, `${name}.${domain}`, family);
}

/** Asks Docker's DNS, in a task: it knows the names of its networks as they are, and passes all others on. */
export function swarmResolver(resolver: Resolving = patient()): Resolve {
  return (name, family) => asked(resolver, name, name, family);
}

async function asked(resolver: Resolving, name: string, whole: string, family: 4 | 6): Promise<string[]> {
  try {
    return await (family === 6 ? resolver.resolve6(whole) : resolver.resolve4(whole));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new ProbeProblem(
      unknownName.has(code) ? `DNS knows no ${name}` : `DNS does not answer for ${name}`,
    );
  }
}

/**
 * The address to ask by a name.
 * @param place where the name must lead: an address, or a network as a Target has it
 * @throws ProbeProblem that says where else it leads: nobody is to be asked there
 */
export async function addressOf(resolve: Resolve, name: string, place: string): Promise<string> {
  const found = await resolve(name, isIPv6(place) ? 6 : 4);
  const address = found.find((each) => each === place || isOn(place, each));
  if (address !== undefined) return address;
  const meant = place.includes('/') ? 'not on the network of the Swarm’s services' : 'not its Service';
  throw new ProbeProblem(`${name} leads to ${found[0]}, which is ${meant}`);
}

/** Whether an IPv4 address is on a network, which is any address of it with the length of its prefix. */
function isOn(network: string, address: string): boolean {
  const [base = '', length = ''] = network.split('/');
  const bits = Number(length);
  if (!isIPv4(base) || !isIPv4(address) || length === '' || !(bits >= 8 && bits <= 32)) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(address) / size);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
