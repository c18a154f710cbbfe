import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { ProbeProblem } from './problem';

/**
 * Asks the cluster's DNS.
 * @param name `<service>.<environment>`
 * @param family of the addresses that are asked for
 * @throws ProbeProblem when it knows no such name, or does not answer
 */
export type Resolve = (name: string, family: 4 | 6) => Promise<readonly string[]>;

const unknownName = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Completes names as a pod's own resolver does with them. It is not the C library that asks: that has four threads for
 * all of Node, and would hold up the files of histories while DNS is away.
 * @param resolvConf content of /etc/resolv.conf
 * @returns undefined where it is not that of a pod
 */
export function clusterResolver(
  resolvConf: string,
  resolver: Pick<Resolver, 'resolve4' | 'resolve6'> = new Resolver({ timeout: 1_000, tries: 2 }),
): Resolve | undefined {
  const search = /^search[ \t]+(.*)$/m.exec(resolvConf)?.[1]?.split(/[ \t]+/) ?? [];
  const domain = search.find((each) => each.startsWith('svc.'));
  if (domain === undefined) return undefined;
  return async (name, family) => {
    const whole = `${name}.${domain}`;
    try {
      return await (family === 6 ? resolver.resolve6(whole) : resolver.resolve4(whole));
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      throw new ProbeProblem(
        unknownName.has(code) ? `DNS knows no ${name}` : `DNS does not answer for ${name}`,
      );
    }
  };
}

/** Whether the name leads to the address. @throws ProbeProblem that says where else it leads */
export async function checkName(resolve: Resolve, name: string, address: string): Promise<void> {
  const found = await resolve(name, isIPv6(address) ? 6 : 4);
  if (!found.includes(address))
    throw new ProbeProblem(`${name} leads to ${found[0]}, which is not its Service`);
}
