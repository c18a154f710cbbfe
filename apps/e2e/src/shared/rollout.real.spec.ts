import { adjust, deploy, type DeployOutcome, type DeployRequest } from '@berth/deploy';
import type { LiveObject } from '@berth/kube';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import { apiServer, localCluster, untilReady } from '../cluster';
import { ask, gatewayPort } from '../gateway';
import { Load } from '../load';
import { referenceEnvironment } from '../reference-environment';
import { until } from '../until';

jest.setTimeout(120_000);

const client = localCluster();
const target = kubernetesOrchestrator(client, { holder: 'e2e@test' });
const namespace = `berth-test-hopeless-${process.pid}`;
const host = `reference-${namespace}.localhost`;
let port: number;
let load: Load;

/** Deploys two pods of a version. */
async function deployed(
  version: string,
  changes: object = {},
  watched: Pick<DeployRequest, 'onEvent'> = {},
): Promise<DeployOutcome> {
  const objects = await referenceEnvironment(client, namespace, {
    scale: { min: 2 },
    env: { VERSION: version },
    ...changes,
  });
  return deploy(target, {
    environment: namespace,
    render: () => objects,
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'e2e@test',
    timeoutMs: 90_000,
    ...watched,
  });
}

beforeAll(async () => {
  port = await gatewayPort(client);
  await deployed('1');
  await until(
    () => ask(port, host, '/instruments'),
    ({ status }) => status === 200,
    10_000,
  );
  load = new Load(port, host, '/instruments');
});
afterAll(async () => {
  await load?.stop();
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  client.close();
});

const gateway = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'admin', name: 'gateway' };

/**
 * Restarts the gateway as `kubectl rollout restart` does, and waits until its old pods are gone.
 * @param annotations of its pods; without one, the last is taken back
 */
async function restartGateway(annotations?: Record<string, string>): Promise<void> {
  const pods = async () =>
    (
      await client.list({
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'admin',
        labelSelector: 'app.kubernetes.io/name=gateway',
      })
    ).items.map(({ metadata }) => metadata.name);
  const before = await pods();
  const { apiVersion, kind, ...metadata } = gateway;
  const spec = annotations ? { spec: { template: { metadata: { annotations } } } } : {};
  await client.apply({ apiVersion, kind, metadata, ...spec }, { fieldManager: 'berth-e2e' });
  await untilReady(client, 'admin');
  await until(pods, (now) => now.length > 0 && now.every((name) => !before.includes(name)), 60_000);
}

const podsOf = ({ items }: { items: LiveObject[] }) => items.map(({ metadata }) => metadata.name);

/** Until the last of the old pods has gone. */
async function untilPods(wanted: number): Promise<void> {
  await until(
    async () => (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace })).items.length,
    (pods) => pods === wanted,
    60_000,
  );
}

const templateOf = (deployment?: LiveObject) => (deployment?.spec as { template: object }).template;

describe('while requests come all the time', () => {
  it('none fails during a deploy that cannot succeed, nor while it is brought back', async () => {
    load.take();
    await expect(deployed('2', { command: ['/app/not-there'] })).rejects.toThrow(
      /reference cannot run: \w+: .*no such file or directory[^]*pod: reference-[^]*was brought back to record 1/,
    );
    const { requests, failures } = load.take();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(100);
  });

  it('none fails during the rollout of a version that works', async () => {
    load.take();
    expect(await deployed('3')).toMatchObject({ record: 4 });
    await untilPods(2);
    const { requests, failures } = load.take();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(100);
  });

  it('none fails, and no pod goes, when their number is handed to an autoscaler', async () => {
    const numbers = new Set<number>();
    const watch = client.watch(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace },
      {
        onChange: () => {
          for (const { spec } of watch.items()) numbers.add((spec as { replicas: number }).replicas);
        },
      },
    );
    await watch.synced;
    const pods = podsOf(await client.list({ apiVersion: 'v1', kind: 'Pod', namespace }));
    load.take();
    expect(await deployed('3', { scale: { min: 2, max: 3, cpu: 70 } })).toMatchObject({ record: 5 });
    watch.close();
    const after = podsOf(await client.list({ apiVersion: 'v1', kind: 'Pod', namespace }));
    expect(after).toEqual(expect.arrayContaining(pods));
    expect(Math.min(...numbers)).toBe(2);
    const { requests, failures } = load.take();
    expect(failures).toEqual([]);
    // It is done in a moment: no pod starts.
    expect(requests).toBeGreaterThan(10);
  });

  it('none fails during a restart of the gateway, and a deploy meanwhile succeeds', async () => {
    load.take();
    const before = await client.get(gateway);
    try {
      const restarting = restartGateway({ 'berth.dev/restarted-by': namespace });
      expect(await deployed('4')).toMatchObject({ record: 6 });
      await restarting;
    } finally {
      await restartGateway();
    }
    const after = await client.get(gateway);
    expect(templateOf(after)).toEqual(templateOf(before));
    expect(after?.metadata.managedFields?.map(({ manager }) => manager)).not.toContain('berth-e2e');
    const { requests, failures } = load.take();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(100);
  });

  it('none fails when the API server is killed while a deploy applies, and the deploy succeeds', async () => {
    load.take();
    const before = apiServer()?.pid;
    let killed: number | undefined;
    const outcome = await deployed(
      '5',
      {},
      {
        onEvent: (event) => {
          const isNow = event.kind === 'step' && event.step === 'apply' && event.state === 'started';
          if (!isNow || killed !== undefined || before === undefined) return;
          killed = before;
          process.kill(before, 'SIGKILL');
        },
      },
    );
    expect(killed).toBeDefined();
    expect(outcome).toMatchObject({ record: 7 });
    expect(apiServer()?.pid).not.toBe(before);
    await untilPods(2);
    const { requests, failures } = load.take();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(100);
  });

  it('none fails while the service is restarted and scaled down', async () => {
    load.take();
    const request = { environment: namespace, author: 'e2e@test', timeoutMs: 90_000 };
    const at = new Date().toISOString();
    await adjust(target, request, () => target.planRestart(namespace, undefined, at));
    await adjust(target, request, () => target.planScale(namespace, 'reference', 1));
    await untilPods(1);
    const { requests, failures } = load.take();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(100);
  });
});
