import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { UserError } from '@berth/model';

/** What DNS says of a name; nothing at all when it has no such name. */
export interface Resolved {
  /** Names that it is another name of. */
  aliases: string[];
  /** IP addresses to which it leads in the end. */
  addresses: string[];
}

/** Asks DNS. */
export interface NameResolver {
  /** @throws UserError when no server answers, or one fails */
  resolve(name: string): Promise<Resolved>;
}

/** Milliseconds that a server gets for an answer, and how often it is asked. */
const patience = { timeout: 2000, tries: 2 };

/**
 * Asks DNS itself, not the files of this machine.
 * @param servers IP addresses, with ports where they are others than 53; those of this machine when absent
 * @throws UserError for what is no address
 */
export function dnsResolver(servers?: readonly string[]): NameResolver {
  const resolver = new Resolver(patience);
  if (servers) {
    const wrong = servers.find((server) => !isServer(server));
    if (wrong !== undefined) {
      throw new UserError(
        `--dns must be IP addresses of DNS servers, not "${wrong}".`,
        'For example --dns=1.1.1.1, or --dns=127.0.0.1:5353.',
      );
    }
    resolver.setServers(servers);
  }
  const asked = () => resolver.getServers().join(', ');
  return {
    async resolve(name) {
      const [aliases, four, six] = await Promise.all(
        [resolver.resolveCname(name), resolver.resolve4(name), resolver.resolve6(name)].map((answer) =>
          answer.catch((error: NodeJS.ErrnoException) => {
            if (absent.has(error.code ?? '')) return [];
            throw new UserError(
              `DNS (${asked()}) does not say where ${name} leads: ${error.code ?? error.message}.`,
              'Ask another server: --dns=1.1.1.1',
              { cause: error },
            );
          }),
        ),
      );
      return { aliases: aliases ?? [], addresses: [...(four ?? []), ...(six ?? [])] };
    },
  };
}

/** No such name, and a name without records of that type. */
const absent = new Set(['ENOTFOUND', 'ENODATA']);

function isServer(text: string): boolean {
  const host = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? (isIP(text) ? text : text.replace(/:\d+$/, ''));
  return isIP(host) !== 0;
}
