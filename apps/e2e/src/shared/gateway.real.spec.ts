import { readFileSync } from 'node:fs';
import { until } from '@berth/exec/src/testing-until';
import { apiServer, localCluster, untilReady } from '../cluster';
import { ask, gatewayPort, nginxProcesses } from '../gateway';
import { nginxStarts } from '../gateway-restart';
import { referenceEnvironment } from '../reference-environment';

jest.setTimeout(300_000);

const client = localCluster();
const namespace = `berth-test-e2e-${process.pid}`;
const host = `reference-${namespace}.localhost`;
let port: number;

beforeAll(async () => {
  port = await gatewayPort(client);
});
afterAll(async () => {
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  client.close();
});

describe('the gateway', () => {
  it('answers 404 for a host that nobody has', async () => {
    expect(await ask(port, 'nobody-staging.localhost')).toMatchObject({ status: 404 });
    expect(await ask(port, 'localhost')).toMatchObject({ status: 404 });
  });

  it('leads to a new public service without a reload, and no longer when it is gone', async () => {
    const before = nginxProcesses();
    expect(before.length).toBeGreaterThan(1);
    expect((await ask(port, host)).status).toBe(404);
    const [first, ...others] = await referenceEnvironment(client, namespace);
    expect(first?.kind).toBe('Namespace');
    await client.apply(first!, { fieldManager: 'berth-e2e' });
    for (const object of others) await client.apply(object, { fieldManager: 'berth-e2e' });
    await untilReady(client, namespace);
    const answer = await until(
      () => ask(port, host, '/instruments'),
      ({ status }) => status === 200,
      10_000,
    );
    expect(answer.body).toContain('TIDE');

    await client.delete({ apiVersion: 'v1', kind: 'Service', namespace, name: 'reference' });
    await until(
      () => ask(port, host, '/instruments'),
      ({ status }) => status === 404,
      10_000,
    );
    expect(nginxProcesses()).toEqual(before);
  });

  it('serves on while the API server is away, also when nginx is killed meanwhile', async () => {
    const { restarts } = await nginxStarts(client);
    const server = apiServer();
    expect(server).toBeDefined();
    const { pid } = server!;
    // Stopped, it answers nobody and closes no connection. Should this test be killed, the kubelet replaces it.
    process.kill(pid, 'SIGSTOP');
    const answered = () =>
      ask(port, 'web-staging.localhost').then(
        ({ status }) => status,
        () => undefined,
      );
    try {
      const statuses = new Map<number, number>();
      for (let request = 0; request < 200; request++) {
        const { status } = await ask(port, 'web-staging.localhost');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      expect(Object.fromEntries(statuses)).toEqual({ 200: 200 });

      const masters = () => nginxProcesses().filter(({ title }) => title.includes('master'));
      const before = masters();
      expect(before).toHaveLength(2);
      for (const { pid } of before) process.kill(pid, 'SIGKILL');
      await until(
        masters,
        (now) => now.length === 2 && now.every(({ pid }) => !before.some((old) => old.pid === pid)),
        60_000,
      );
      await until(answered, (status) => status === 200, 10_000);
      expect(stateOf(pid)).toBe('T');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    // It takes the pods for ready still; but the kubelet has yet to tell that nginx was started again, and until it has
    // found it ready, nothing is led to it.
    const starts = () => nginxStarts(client).catch(() => undefined);
    await until(starts, (now) => now?.areReady === true && now.restarts >= restarts + 2, 60_000);
    await until(answered, (status) => status === 200, 10_000);
  });
});

/** Of a process, the letter of its state in /proc; T is stopped. */
function stateOf(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0];
}
