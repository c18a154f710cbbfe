import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@berth/model';
import { request, type Dispatcher } from 'undici';
import { agentTo, localhostAgent } from './localhost';

export interface Address {
  service: string;
  url: string;
}

/** The part of proxy/hosts.json that says where public services answer. */
interface HostsFile {
  rules: { service: string; namespace: string; hosts: string[] }[];
}

/** Milliseconds between two looks at an address that does not answer yet. */
const pauseMs = 100;
/** What deploy called healthy answers within seconds: the gateway has only to hear of it. */
const patienceMs = 30_000;

/** Where the public services of these environments answer on this machine. */
export function publicAddresses(root: string, environments: readonly string[], port: number): Address[] {
  return environments.flatMap((environment) => {
    const file = join(root, 'deploy/environments', environment, 'proxy/hosts.json');
    if (!existsSync(file)) return [];
    const { rules } = JSON.parse(readFileSync(file, 'utf8')) as HostsFile;
    return rules.flatMap(({ service, namespace, hosts }) =>
      hosts.map((host) => ({
        service: `${service} (${namespace})`,
        url: `http://${host}${port === 80 ? '' : `:${port}`}/`,
      })),
    );
  });
}

/**
 * @param target where the gateway answers, whatever the names of the addresses lead to; absent: where they lead
 * @throws UserError that names the address and what it answered last.
 */
export async function waitUntilAnswers(addresses: readonly Address[], target?: string): Promise<void> {
  const dispatcher = target === undefined ? localhostAgent() : agentTo(target);
  try {
    await Promise.all(addresses.map(({ url }) => answers(url, dispatcher)));
  } finally {
    await dispatcher.destroy();
  }
}

async function answers(url: string, dispatcher: Dispatcher): Promise<void> {
  const until = Date.now() + patienceMs;
  let last = 'nothing';
  while (Date.now() < until) {
    try {
      const { statusCode, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(2000) });
      await body.dump();
      if (statusCode < 500 && statusCode !== 404) return;
      last = String(statusCode);
    } catch (error) {
      last = (error as Error).message || (error as { code?: string }).code || String(error);
    }
    await delay(pauseMs);
  }
  throw new UserError(
    `${url} does not answer through the gateway: ${last}.`,
    'npx nx status admin\nnpx nx status staging',
  );
}
