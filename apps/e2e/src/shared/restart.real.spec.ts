import { randomUUID } from 'node:crypto';
import { descendantsOf, listProcesses, ProcessRunner, type ProcessEntry } from '@berth/exec';
import { request } from 'undici';
import { until } from '@berth/exec/src/testing-until';
import { workloads } from '@berth/kube/src/testing-workloads';
import { localCluster, workspace } from '../cluster';
import { Foreground } from '../foreground';
import { ask, gatewayPort } from '../gateway';

jest.setTimeout(300_000);

const client = localCluster();
afterAll(() => client.close());

/** What keeps the cluster up, what it runs, and all that descends from these: pods are children of their shims. */
function clusterProcesses(): ProcessEntry[] {
  const all = listProcesses();
  const roots = all.filter(
    ({ argv }) =>
      (argv[0]?.includes('containerd-shim') && argv.includes('/run/berth/containerd/containerd.sock')) ||
      argv.some((word) => word.startsWith('/var/lib/berth/')),
  );
  return [...roots, ...descendantsOf(roots, all)];
}

/** As a power cut does: nothing is asked to end, nothing is unmounted. */
function endAtOnce(processes: readonly ProcessEntry[]): void {
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
    for (const { pid } of processes) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended with its parent.
      }
    }
  }
}

it('comes up again after a power cut, also when the first try is killed, with the trades', async () => {
  const port = await gatewayPort(client);
  const id = randomUUID();
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/api/trades`, {
    method: 'POST',
    headers: { host: 'web-staging.localhost', 'content-type': 'application/json' },
    body: JSON.stringify({ id, symbol: 'TIDE', side: 'sell', quantity: 7 }),
  });
  await body.dump();
  expect(statusCode).toBe(201);

  endAtOnce(clusterProcesses());
  await until(
    () => clusterProcesses().map(({ pid }) => pid),
    (left) => left.length === 0,
    20_000,
  );
  await expect(ask(port, 'web-staging.localhost')).rejects.toThrow();

  const killed = new Foreground({ root: workspace }, ['npm', 'start']);
  await killed.untilItSays('▸ Cluster DNS');
  await killed.kill('workbench.mjs');

  const { stdout } = await new ProcessRunner().run(['npm', 'start'], {
    cwd: workspace,
    env: { NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  // Which steps were left to it depends on when the first one was killed; what it ends with does not.
  const systems = await workloads(client, 'kube-system');
  expect(systems.map(({ metadata, status }) => [metadata.name, status.readyReplicas]).sort()).toEqual([
    ['coredns', 1],
    ['metrics-server', 1],
  ]);
  expect(stdout).toMatch(/(\d+) images: \1 reused\b/);
  const { body: trades } = await ask(port, 'web-staging.localhost', '/api/trades');
  expect((JSON.parse(trades) as { trades: { id: string }[] }).trades.map((trade) => trade.id)).toContain(id);
});
