import { adjust, deploy, type DeployOutcome, type DeployRequest } from '@berth/deploy';
import { until } from '@berth/exec/src/testing-until';
import type { LiveObject } from '@berth/kube';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import { apiServer, localCluster } from '../cluster';
import { ask, gatewayPort } from '../gateway';
import { gateway, restartGateway, watchEnds } from '../gateway-restart';
import { HeldConnections, type End } from '../held-connections';
import { Load } from '../load';
import { referenceEnvironment } from '../reference-environment';
import { serveStreams } from '../streaming-environment';

jest.setTimeout(120_000);

const client = localCluster();
const target = kubernetesOrchestrator(client, { holder: 'e2e@test' });
const namespace = `berth-test-hopeless-${process.pid}`;
const host = `reference-${namespace}.localhost`;
const streams = `berth-test-streams-${process.pid}`;
let port: number;
let load: Load;
let held: HeldConnections;
let gatewayEnds: ReturnType<typeof watchEnds>;

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

/** Opens one connection of each kind that stays. */
async function hold(): Promise<void> {
  await Promise.all([
    held.websocket('web-staging.localhost', '/api/prices'),
    held.events(`reference-${streams}.localhost`, '/events'),
    held.grpc(`reference-grpc-${streams}.localhost`),
  ]);
}

/** How each kind of connection ends that nobody is to take for a whole answer, nor find cut in the middle of a piece. */
const GOOD_ORDER: Readonly<Record<End['what'], string>> = {
  websocket: 'closed between two frames',
  events: 'closed between two events',
  gRPC: 'closed, as was said before',
};

beforeAll(async () => {
  port = await gatewayPort(client);
  held = new HeldConnections(port);
  await Promise.all([deployed('1'), serveStreams(client, streams)]);
  await until(
    () => ask(port, host, '/instruments'),
    ({ status }) => status === 200,
    10_000,
  );
  load = new Load(port, host, '/instruments');
});
afterAll(async () => {
  held?.close();
  gatewayEnds?.close();
  await load?.stop();
  for (const name of [namespace, streams]) await client.delete({ apiVersion: 'v1', kind: 'Namespace', name });
  client.close();
});

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
    gatewayEnds = watchEnds(client);
    // So many that each pod has some, most likely.
    await Promise.all([hold(), hold(), hold(), hold()]);
    try {
      const restarting = restartGateway(client, { 'berth.dev/restarted-by': namespace });
      expect(await deployed('4')).toMatchObject({ record: 6 });
      await restarting;
      // Only the new pods take connections now.
      await hold();
      expect([held.open, held.ends]).toEqual([15, []]);
    } finally {
      await restartGateway(client);
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

  it('what stays open through the gateway ends 30 seconds after its pod was told to end, and in good order', async () => {
    await until(
      () => held.open,
      (open) => open === 0,
      60_000,
    );
    const told = [...gatewayEnds.told.values()];
    expect(told).toHaveLength(4);
    for (const { what, at, lastPiece, how } of held.ends) {
      // Not a moment less: when they were told is cut to the second. More by what the kubelet takes to begin.
      const seconds = told.map((time) => (at - time) / 1000).filter((passed) => passed >= 30 && passed < 35);
      expect([what, how, seconds.length > 0]).toEqual([what, GOOD_ORDER[what], true]);
      // Prices come every second.
      expect(at - lastPiece).toBeLessThan(3000);
    }
  });
});
