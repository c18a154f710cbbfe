import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ExistingCluster } from '@berth/clusters';
import type { Cluster } from '@berth/model';
import { publicAddresses, waitUntilAnswers } from './addresses';
import { bringUp } from './bring-up';
import type { Workbench } from './main';
import { nx } from './nx';
import { registryOf } from './registry-option';

/** The part of what `nx status cluster-local` writes that says where the gateway is. */
interface StatusFile {
  gateway:
    | {
        state: 'there';
        targets: ({ ip: string } | { host: string })[];
        ports: { name: string; port: number }[];
      }
    | { state: 'absent' | 'pending'; why: string };
}

/** Milliseconds that a load balancer gets for its address: clouds take a minute or two. */
const patienceMs = 180_000;
const pauseMs = 2_000;

/** The environments on a cluster that somebody else has made, and where they answer. */
export async function startAdopted(
  workbench: Workbench,
  cluster: Cluster,
  environments: readonly string[],
): Promise<void> {
  const { root, progress, print } = workbench;
  print(`The local cluster of this clone is ${cluster.context} of ${cluster.kubeconfig}.`);
  await progress.step('The cluster has what environments need', async () => {
    await new ExistingCluster({ workspace: root, registry: registryOf(root) }).planCreate(cluster);
  });
  await bringUp(workbench, cluster, environments);
  let status: StatusFile | undefined;
  await progress.step('The gateway has an address', async (log) => {
    status = await readStatus(workbench, log);
    return status.gateway.state === 'there' ? targetOf(status) : 'none so far';
  });
  const found = status?.gateway;
  if (found?.state !== 'there') {
    print(`\nNothing answers outside of the cluster yet: ${found?.why}.\n\n  npx nx status cluster-local\n`);
    return;
  }
  const port = found.ports[0]?.port ?? 80;
  const addresses = publicAddresses(root, environments, port);
  await progress.step('The addresses answer', () =>
    waitUntilAnswers(addresses, targetOf(status as StatusFile)),
  );
  const width = Math.max(0, ...addresses.map(({ service }) => service.length));
  print('');
  for (const { service, url } of addresses) print(`  ${service.padEnd(width)}  ${url}`);
  print(
    `\nThey answer at ${targetOf(status as StatusFile)}; which names lead there: npx nx status cluster-local\n`,
  );
}

/** Waits for a load balancer that has no address yet. */
async function readStatus(workbench: Workbench, log: (line: string) => void): Promise<StatusFile> {
  const file = join(workbench.root, '.berth/cluster-local.json');
  for (const until = Date.now() + patienceMs; ;) {
    await nx(workbench, ['status', 'cluster-local', `--json=${file}`, '--outputStyle=stream'], log);
    const status = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as StatusFile)
      : { gateway: { state: 'absent' as const, why: 'its status is not known' } };
    if (status.gateway.state !== 'pending' || Date.now() > until) return status;
    await delay(pauseMs, undefined, { signal: workbench.signal });
  }
}

function targetOf({ gateway }: StatusFile): string {
  const [target] = gateway.state === 'there' ? gateway.targets : [];
  if (!target) return '';
  return 'ip' in target ? target.ip : target.host;
}
