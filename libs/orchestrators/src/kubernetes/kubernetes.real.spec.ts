import type { NewRecord } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { KubeClient, type LiveObject } from '@berth/kube';
import { acquireLease, readLease } from './lease';
import { fieldManager, leaseName, scaleManager } from './names';
import { failureOf, limitMs, TestEnvironments } from './testing-environments';
import { oneService } from './testing-objects';
import { until } from './until';

const environments = new TestEnvironments('k');
const { client, target } = environments;
afterAll(() => environments.end(), limitMs);

const objectsOf = (environment: string, deployment: Record<string, unknown> = {}) =>
  oneService(environment, { deployment });

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

/** Sets the clock of this process so many minutes ahead; its timers go on as they are. */
function setClock(minutes: number): void {
  jest.useRealTimers();
  jest.useFakeTimers({
    now: Date.now() + minutes * 60_000,
    advanceTimers: true,
    doNotFake: [
      ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
      ...(['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'performance', 'hrtime'] as const),
    ],
  });
}

describe('replicas', () => {
  test.concurrent.each([
    { dies: false, title: 'go to an autoscaler and come back without ever dropping to one' },
    { dies: true, title: 'do so when a deploy has died on the way' },
  ])(
    '$title',
    async ({ dies }) => {
      const environment = environments.name(dies ? 'handover-dies' : 'handover');
      await environments.deploy(environment, objectsOf(environment, { replicas: 3 }));
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
      const { changes } = await environments.deploy(environment, scaled);
      expect(changes.filter(({ action }) => action !== 'same').map(({ object }) => object.kind)).toEqual([
        'Deployment',
        'HorizontalPodAutoscaler',
      ]);
      expect((await environments.deploy(environment, scaled)).record).toBeUndefined();
      expect((await liveOne(environment)).spec.replicas).toBe(3);
      expect([...seen]).toEqual([3]);
      await expect(target.planScale(environment, 'one', 5)).rejects.toMatchObject({
        message: "The number of one's replicas is set by horizontalpodautoscaler/one.",
        hint: expect.stringContaining(`nx deploy ${environment}`),
      });
      // The autoscaler's controller owns the number from its first change on.
      await client.patch(
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'one', namespace: environment },
        { spec: { replicas: 4 } },
        { subresource: 'scale', fieldManager: 'kube-controller-manager' },
      );
      await environments.deploy(environment, objectsOf(environment, { replicas: 2 }));
      watch.close();
      expect((await liveOne(environment)).spec.replicas).toBe(2);
      expect(seen.has(1)).toBe(false);
      expect((await target.observe(environment, [])).inventory.map(({ kind }) => kind)).not.toContain(
        'HorizontalPodAutoscaler',
      );
    },
    limitMs,
  );

  test.concurrent(
    'that nx scale has set are left alone, without a write',
    async () => {
      const environment = environments.name('scale');
      const objects = objectsOf(environment);
      await environments.deploy(environment, objects);
      await setReplicas(environment, 2);
      const { changes, record } = await environments.deploy(environment, objects);
      expect(record).toBeUndefined();
      expect(changes.find(({ object }) => object.kind === 'Deployment')).toMatchObject({
        action: 'same',
        reason: 'replicas stay as nx scale has set them',
      });
      const version = (await liveOne(environment)).metadata.generation;
      expect((await environments.deploy(environment, objects)).record).toBeUndefined();
      expect(await liveOne(environment)).toMatchObject({
        metadata: { generation: version },
        spec: { replicas: 2 },
      });
      // So many are read by lists of the whole cluster.
      const others = Array.from({ length: 8 }, (_, index) => `${environment}-${index}`);
      const [found, ...none] = await target.statuses([environment, ...others]);
      expect(found).toEqual({ status: 'fulfilled', value: await target.status(environment) });
      for (const each of none)
        expect(each).toMatchObject({ status: 'fulfilled', value: { exists: false, services: [] } });
    },
    limitMs,
  );
});

test.concurrent(
  'fields of others are refused with their managers, and taken on demand',
  async () => {
    const environment = environments.name('conflict');
    await environments.deploy(environment, objectsOf(environment));
    await client.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'one', namespace: environment },
      {
        metadata: { annotations: { note: 'theirs' } },
        spec: { template: { spec: { terminationGracePeriodSeconds: 7 } } },
      },
      { fieldManager: 'somebody' },
    );
    const objects = objectsOf(environment);
    const grace = 'spec.template.spec.terminationGracePeriodSeconds';
    const dry = await environments.deploy(environment, objects, { dryRun: true });
    expect(dry.changes.find(({ object }) => object.kind === 'Deployment')?.reason).toBe(
      `${grace} belongs to somebody; --take-over takes it`,
    );
    const { message } = await failureOf(environments.deploy(environment, objects));
    expect(message).toContain(`deployment/one .${grace} belongs to somebody`);
    await environments.deploy(environment, objects, { takeOver: true });
    const { metadata } = await liveOne(environment);
    expect(metadata.annotations?.['note']).toBe('theirs');
    const theirs = metadata.managedFields?.find(({ manager }) => manager === 'somebody')?.fieldsV1;
    expect(theirs).toEqual({ 'f:metadata': { 'f:annotations': { 'f:note': {} } } });
    expect((await environments.deploy(environment, objects)).record).toBeUndefined();
  },
  limitMs,
);

test.concurrent(
  'an environment whose namespace is still being deleted says what holds it, and is made when it has ended',
  async () => {
    const environment = environments.name('terminating');
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: environment };
    await environments.deploy(environment, objectsOf(environment, { replicas: 0 }));
    const before = await client.get(namespace);
    const held = { apiVersion: 'v1', kind: 'ConfigMap', name: 'held', namespace: environment };
    const { apiVersion, kind, ...metadata } = held;
    await client.create({ apiVersion, kind, metadata: { ...metadata, finalizers: ['berth.dev/test'] } });
    await client.delete(namespace);
    const objects = objectsOf(environment, { replicas: 0 });
    await expect(target.prepare(environment, objects, { timeoutMs: 500 })).rejects.toMatchObject({
      message: expect.stringMatching(/ is still being deleted: .* It was waited for 1 s\.$/),
      hint: expect.stringMatching(/finalizer[^]*get namespace[^]*FINALIZERS/),
    });
    const interrupted = environments.deploy(environment, objects, { signal: AbortSignal.timeout(200) });
    await expect(interrupted).rejects.toThrow('aborted due to timeout');
    const deploying = environments.deploy(environment, objects, {
      onEvent: (event) => {
        // As its controller does once it has tidied up.
        if (event.kind === 'notice' && /being deleted: .*berth\.dev\/test in 1 resource/.test(event.message))
          void client.patch(held, { metadata: { finalizers: [] } }).catch(() => undefined);
      },
    });
    expect(await deploying).toMatchObject({ record: 1 });
    expect((await client.get(namespace))?.metadata.uid).not.toBe(before?.metadata.uid);
  },
  limitMs,
);

test.concurrent(
  'pruning spares volumes and what others made',
  async () => {
    const environment = environments.name('prune');
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
    await environments.deploy(environment, [...objects, claim, settings('ours')]);
    await client.create(settings('theirs'));
    const { changes } = await environments.deploy(environment, objects);
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

// One after the other, and beside nothing else: the clock is that of the whole process.
test.each([10, -10])(
  'a lease is neither stolen nor kept for ever when a clock is %s minutes off, or is set while it is held',
  async (minutes) => {
    const environment = environments.name(`clock${minutes > 0 ? '' : '-behind'}`);
    await target.prepare(environment, objectsOf(environment));
    const clients = Array.from({ length: 3 }, () => KubeClient.from(environments.access));
    const [holder, right, wrong] = clients as [KubeClient, KubeClient, KubeClient];
    const takenBy = (asker: KubeClient) => acquireLease(asker, environment, 'ben@laptop');
    const busy = /is being deployed by ana@laptop since [^(]*\(\d s ago\)/;
    try {
      setClock(minutes);
      const lease = await acquireLease(holder, environment, 'ana@laptop', {
        durationSeconds: 5,
        renewMs: 500,
      });
      setClock(0);
      await expect(takenBy(right)).rejects.toThrow(busy);
      const renewed = async () => (await readLease(right, environment))?.spec as { renewTime: string };
      const before = await renewed();
      expect(await until(async () => (await renewed()).renewTime !== before.renewTime, 4_000)).toBe(true);
      expect(Math.abs(Date.parse((await renewed()).renewTime) - right.now().getTime())).toBeLessThan(2_000);
      setClock(minutes);
      await expect(takenBy(wrong)).rejects.toThrow(busy);
      await lease.release();

      // Of somebody who has died: its time was over a second ago.
      const time = new Date(wrong.now().getTime() - 6_000).toISOString().replace('Z', '000Z');
      await right.create({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: leaseName, namespace: environment },
        spec: { holderIdentity: 'ana@laptop#1', acquireTime: time, renewTime: time, leaseDurationSeconds: 5 },
      });
      await (await takenBy(wrong)).release();
    } finally {
      jest.useRealTimers();
      for (const each of clients) each.close();
    }
  },
  limitMs,
);

test.concurrent(
  'the lease of a holder that has died can be taken when its time is over, and the newest ten records are kept',
  async () => {
    const environment = environments.name('lease');
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
    // The last good one outlives as many that failed.
    for (let number = 13; number <= 23; number++)
      await target.writeRecord(environment, { ...record, outcome: 'failed' });
    expect((await target.records(environment)).map(({ number }) => number)).toEqual([
      23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 12,
    ]);
    expect(await target.recordedObjects(environment, 12)).toEqual(record.objects);
  },
  limitMs,
);
