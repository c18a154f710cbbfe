import { parseArgs } from 'node:util';
import { UserError } from '@berth/model';
import type { Adoption } from './adopt';

export type Command = 'start' | 'stop' | 'clean' | 'test';

export interface Options {
  /** Port of the gateway on this machine; absent: 80, or 8080 when another program has 80. */
  port?: number;
  /** `clean` without a question. */
  force: boolean;
  /** The output of every step as it comes. */
  verbose: boolean;
  /** `test` without what earlier runs have found. */
  noCache: boolean;
  help: boolean;
  /** `start` on a cluster that somebody else has made. */
  adoption?: Adoption;
}

export const usage = `npm start                      everything up: cluster, registry, images, the environments admin and staging
npm start -- --port 8080       the gateway on another port of this machine than 80
npm start -- --context desk    on the cluster of that context, which is there already; says what it would make, and asks
                               (--kubeconfig file, --registry host/path; --yes: does not ask)
npm start -- --verbose         with the output of every step
npm run stop                   everything down; the data stays
npm run clean                  everything away, the data too; lists it and asks (-- --force: does not ask)
npm test                       every check of this repository, on that cluster
npm test -- --no-cache         also those that nothing has changed for since they passed`;

/** @throws UserError with the usage when the arguments are not understood. */
export function parse(argv: string[]): { command: Command; options: Options } {
  let parsed;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        force: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        'no-cache': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        context: { type: 'string' },
        kubeconfig: { type: 'string' },
        registry: { type: 'string' },
        yes: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UserError((error as Error).message, usage);
  }
  const [command, ...rest] = parsed.positionals;
  if (rest.length > 0) throw new UserError(`"${rest.join(' ')}" is one argument too many.`, usage);
  if (command !== 'start' && command !== 'stop' && command !== 'clean' && command !== 'test') {
    throw new UserError(`"${command ?? ''}" is none of start, stop, clean, test.`, usage);
  }
  const { port, force, verbose, 'no-cache': noCache, help } = parsed.values;
  const adoption = adoptionOf(parsed.values);
  return {
    command,
    options: {
      port: port === undefined ? undefined : portNumber(port),
      force,
      verbose,
      noCache,
      help,
      ...(adoption && { adoption }),
    },
  };
}

/** @throws UserError when there is a part of it without `--context` */
function adoptionOf(values: Partial<Adoption>): Adoption | undefined {
  const { context, kubeconfig, registry, yes = false } = values;
  if (context !== undefined)
    return {
      context,
      yes,
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(registry !== undefined && { registry }),
    };
  if (kubeconfig === undefined && registry === undefined && !yes) return undefined;
  throw new UserError(
    '--kubeconfig, --registry and --yes are for a cluster that is there already, which --context names.',
    'npm start -- --context <name of a context>',
  );
}

/** The API server of the local cluster gives out node ports from 80 to 32767. */
function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 80 || port > 32767) {
    throw new UserError(
      `--port must be a whole number from 80 to 32767, not "${text}".`,
      'npm start -- --port 8080',
    );
  }
  return port;
}
