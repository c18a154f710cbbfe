import { resolve } from 'node:path';
import { deploy, type DeployRequest, type NewRecord } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { KubeClient, type LiveObject } from '@berth/kube';
import { acquireLease } from './lease';
import { fieldManager, leaseName, scaleManager } from './names';
import { kubernetesOrchestrator } from './orchestrator';
import { testNamespace, testService } from './testing-objects';
import { until } from './until';

const kubeconfig =
  process.env.BERTH_TEST_KUBECONFIG ?? resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const context = process.env.BERTH_TEST_CONTEXT ?? 'berth-local';
const client = KubeClient.from({ kubeconfig, context });
const target = kubernetesOrchestrator(client, { holder: 'kubernetes@test' });
const run = process.pid.toString(36);
const made: string[] = [];
const limitMs = 120_000;

function newEnvironment(suffix: string): string {
  const name = `berth-test-k-${suffix}-${run}`;
  made.push(name);
  return name;
}

/** The objects of an environment with one service that runs, its Deployment's spec changed. */
function objectsOf(environment: string, spec: Record<string, unknown> = {}): KubernetesObject[] {
  return [
    testNamespace(environment),
    ...testService(environment, 'one', { behaviour: 'runs' }).map((object) =>
      object.kind === 'Deployment' ? { ...object, spec: merged(object.spec, spec) } : object,
    ),
  ];
}

function merged(spec: unknown, change: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...(spec as Record<string, unknown>), ...change };
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
}

function deployed(environment: string, objects: KubernetesObject[], options: Partial<DeployRequest> = {}) {
  return deploy(target, {
    environment,
    render: () => objects,
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'kubernetes@test',
    timeoutMs: 60_000,
    ...options,
  });
}

async function liveOne(environment: string): Promise<LiveObject & { spec: { replicas: number } }> {
  const live = await client.get({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'one',
    namespace: environment,
  });
  return live as LiveObject & { spec: { replicas: number } };
}

/** As `nx scale` sets them. */
function setReplicas(environment: string, replicas: number): Promise<LiveObject> {
  const metadata = { name: 'one', namespace: environment };
  return client.apply(
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas } },
    { fieldManager: scaleManager, force: true },
  );
}

function autoscaler(environment: string, min: number): KubernetesObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'one', namespace: environment },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'one' },
      minReplicas: min,
      maxReplicas: 4,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    },
  };
}

/** Milliseconds from the start until it failed, and why. */
async function failureOf(work: Promise<unknown>): Promise<{ message: string; milliseconds: number }> {
  const start = Date.now();
  try {
    await work;
  } catch (error) {
    return { message: (error as Error).message, milliseconds: Date.now() - start };
  }
  throw new Error('It did not fail.');
}

afterAll(async () => {
  await Promise.all(made.map((environment) => target.destroy(environment)));
  client.close();
}, limitMs);

describe('a pod that can never start ends the deploy within ten seconds', () => {
  test(
    'refused by Pod Security',
    async () => {
      const environment = newEnvironment('security');
      const bare = { metadata: { labels: { 'app.kubernetes.io/name': 'one' } } };
      const containers = [{ name: 'one', image: 'localhost:5000/pause:3.10.1' }];
      const objects = objectsOf(environment, { template: { ...bare, spec: { containers } } });
      const { message, milliseconds } = await failureOf(deployed(environment, objects));
      expect(message).toMatch(/one cannot run: pods cannot be created: .*violates PodSecurity/);
      expect(message).toMatch(/event: FailedCreate/);
      expect(milliseconds).toBeLessThan(10_000);
    },
    limitMs,
  );

  test(
    'refused by the quota',
    async () => {
      const environment = newEnvironment('quota');
      const quota = {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'none', namespace: environment },
        spec: { hard: { pods: '0' } },
      };
      const { message, milliseconds } = await failureOf(
        deployed(environment, [...objectsOf(environment), quota]),
      );
      expect(message).toMatch(/one cannot run: pods cannot be created: .*exceeded quota/);
      expect(message).toMatch(/event: FailedCreate/);
      expect(milliseconds).toBeLessThan(10_000);
    },
    limitMs,
  );

  test(
    'without its secret, gone after the deploy had looked for it',
    async () => {
      const environment = newEnvironment('secret');
      const objects = [
        testNamespace(environment),
        ...testService(environment, 'one', { behaviour: 'runs', secret: 'PASSWORD' }),
      ];
      const careless = Object.assign(Object.create(target) as typeof target, { problems: async () => [] });
      const { message, milliseconds } = await failureOf(
        deploy(careless, {
          environment,
          render: () => objects,
          images: { resolve: async () => ({}), build: async () => ({}) },
          needs: {},
          author: 'kubernetes@test',
        }),
      );
      expect(message).toMatch(/one cannot run: CreateContainerConfigError: secret "berth-secrets" not found/);
      expect(message).toMatch(/pod: one-/);
      expect(milliseconds).toBeLessThan(10_000);
    },
    limitMs,
  );

  test(
    'that crashes: measured from the end of its third run',
    async () => {
      const environment = newEnvironment('crash');
      const objects = [
        testNamespace(environment),
        ...testService(environment, 'one', { behaviour: 'crashes' }),
      ];
      const { message } = await failureOf(deployed(environment, objects));
      const ended = client.now().getTime();
      expect(message).toMatch(/the store is shut/);
      const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace: environment });
      const { containerStatuses = [] } = pods.items[0]?.status as {
        containerStatuses?: Record<'state' | 'lastState', { terminated?: { finishedAt: string } }>[];
      };
      const [status] = containerStatuses;
      const third = status?.state.terminated ?? status?.lastState.terminated;
      expect(ended - Date.parse(third?.finishedAt ?? '')).toBeLessThan(10_000);
    },
    limitMs,
  );
});

describe('replicas', () => {
  test.each([
    { dies: false, title: 'go to an autoscaler and come back without ever dropping to one' },
    { dies: true, title: 'do so when a deploy has died on the way' },
  ])(
    '$title',
    async ({ dies }) => {
      const environment = newEnvironment(dies ? 'handover-dies' : 'handover');
      await deployed(environment, objectsOf(environment, { replicas: 3 }));
      const seen = new Set<number>();
      const watch = client.watch(
        { apiVersion: 'apps/v1', kind: 'Deployment', namespace: environment },
        {
          onChange: () => {
            for (const { spec } of watch.items()) seen.add((spec as { replicas: number }).replicas);
          },
        },
      );
      await watch.synced;
      const scaled = [...objectsOf(environment, { replicas: undefined }), autoscaler(environment, 3)];
      // It died when the number had its new owner, and the Deployment still had its old one too.
      if (dies) await setReplicas(environment, 3);
      const { changes } = await deployed(environment, scaled);
      expect(changes.filter(({ action }) => action !== 'same').map(({ object }) => object.kind)).toEqual([
        'Deployment',
        'HorizontalPodAutoscaler',
      ]);
      expect((await deployed(environment, scaled)).record).toBeUndefined();
      expect((await liveOne(environment)).spec.replicas).toBe(3);
      expect([...seen]).toEqual([3]);
      // The autoscaler's controller owns the number from its first change on.
      await client.patch(
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'one', namespace: environment },
        { spec: { replicas: 4 } },
        { subresource: 'scale', fieldManager: 'kube-controller-manager' },
      );
      await deployed(environment, objectsOf(environment, { replicas: 2 }));
      watch.close();
      expect((await liveOne(environment)).spec.replicas).toBe(2);
      expect(seen.has(1)).toBe(false);
      expect((await target.observe(environment, [])).inventory.map(({ kind }) => kind)).not.toContain(
        'HorizontalPodAutoscaler',
      );
    },
    limitMs,
  );

  test(
    'that nx scale has set are left alone, without a write',
    async () => {
      const environment = newEnvironment('scale');
      const objects = objectsOf(environment);
      await deployed(environment, objects);
      await setReplicas(environment, 2);
      const { changes, record } = await deployed(environment, objects);
      expect(record).toBeUndefined();
      expect(changes.find(({ object }) => object.kind === 'Deployment')).toMatchObject({
        action: 'same',
        reason: 'replicas stay as nx scale has set them',
      });
      const version = (await liveOne(environment)).metadata.generation;
      expect((await deployed(environment, objects)).record).toBeUndefined();
      expect(await liveOne(environment)).toMatchObject({
        metadata: { generation: version },
        spec: { replicas: 2 },
      });
    },
    limitMs,
  );
});

test(
  'fields of others are refused with their managers, and taken on demand',
  async () => {
    const environment = newEnvironment('conflict');
    await deployed(environment, objectsOf(environment));
    await client.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'one', namespace: environment },
      { spec: { template: { spec: { terminationGracePeriodSeconds: 7 } } } },
      { fieldManager: 'somebody' },
    );
    const objects = objectsOf(environment);
    const grace = 'spec.template.spec.terminationGracePeriodSeconds';
    const dry = await deployed(environment, objects, { dryRun: true });
    expect(dry.changes.find(({ object }) => object.kind === 'Deployment')?.reason).toBe(
      `${grace} belongs to somebody; --take-over takes it`,
    );
    const { message } = await failureOf(deployed(environment, objects));
    expect(message).toContain(`deployment/one .${grace} belongs to somebody`);
    await deployed(environment, objects, { takeOver: true });
    expect((await deployed(environment, objects)).record).toBeUndefined();
  },
  limitMs,
);

test(
  'pruning spares volumes and what others made',
  async () => {
    const environment = newEnvironment('prune');
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: environment },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    };
    const settings = (name: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: environment },
      data: { key: 'value' },
    });
    const objects = objectsOf(environment);
    await deployed(environment, [...objects, claim, settings('ours')]);
    await client.create(settings('theirs'));
    const { changes } = await deployed(environment, objects);
    expect(changes.filter(({ action }) => action !== 'same')).toMatchObject([
      { action: 'prune', object: { kind: 'ConfigMap', name: 'ours' } },
    ]);
    const there = async (kind: string, name: string) =>
      (await client.get({ apiVersion: 'v1', kind, name, namespace: environment })) !== undefined;
    expect(await there('ConfigMap', 'ours')).toBe(false);
    expect(await there('ConfigMap', 'theirs')).toBe(true);
    expect(await there('PersistentVolumeClaim', 'data')).toBe(true);
  },
  limitMs,
);

test(
  'the lease of a holder that has died can be taken when its time is over, and the newest ten records are kept',
  async () => {
    const environment = newEnvironment('lease');
    await target.prepare(environment, objectsOf(environment));
    const time = client.now().toISOString().replace('Z', '000Z');
    await client.create(
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: leaseName, namespace: environment },
        spec: {
          holderIdentity: 'dead@laptop#1',
          acquireTime: time,
          renewTime: time,
          leaseDurationSeconds: 3,
        },
      },
      { fieldManager },
    );
    await expect(acquireLease(client, environment, 'ana@laptop')).rejects.toThrow(
      /is being deployed by dead@laptop since/,
    );
    let lease: Awaited<ReturnType<typeof acquireLease>> | undefined;
    await until(async () => {
      lease = await acquireLease(client, environment, 'ana@laptop').catch(() => undefined);
      return lease !== undefined;
    }, 15_000);
    expect((await target.status(environment)).deploying?.holder).toBe('ana@laptop');
    await lease?.release();
    expect((await target.status(environment)).deploying).toBeUndefined();

    const record: NewRecord = {
      author: 'ana@laptop',
      startedAt: '2026-01-02T11:54:00Z',
      finishedAt: '2026-01-02T11:55:00Z',
      images: {},
      outcome: 'succeeded',
      changes: [],
      set: '',
      objects: objectsOf(environment),
    };
    for (let number = 1; number <= 12; number++)
      expect(await target.writeRecord(environment, record)).toBe(number);
    expect((await target.records(environment)).map(({ number }) => number)).toEqual([
      12, 11, 10, 9, 8, 7, 6, 5, 4, 3,
    ]);
    expect(await target.recordedObjects(environment, 12)).toEqual(record.objects);
  },
  limitMs,
);
