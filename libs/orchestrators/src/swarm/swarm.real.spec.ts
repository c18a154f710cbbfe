import { setTimeout as pause } from 'node:timers/promises';
import { adjust, deploy, destroyIfExpired, type DeployRequest } from '@berth/deploy';
import { renderSwarmFiles, type ManifestObject } from '@berth/manifests';
import { ProcessRunner } from '@berth/exec';
import { serverPort } from '../contract/server';
import { nodeImage } from '../contract/testing-node-image';
import { SwarmOrchestrator } from './orchestrator';
import { acquireLease } from './lease';
import { swarmModels, swarmObjects, testRendering } from './testing-models';
import { askTask } from './testing-tasks';
import { TestSwarm } from './testing-swarm';

const limitMs = 120_000;

let swarm: TestSwarm;
let node: string;
let target: SwarmOrchestrator;

beforeAll(async () => {
  node = await nodeImage();
  swarm = await TestSwarm.start();
  target = new SwarmOrchestrator(swarm.client, { holder: 'swarm@test', command: async () => [] });
}, 60_000);
afterAll(() => swarm.stop(), 60_000);

function models(name: string, documents: Record<string, object>) {
  return swarmModels(name, node, documents);
}

function objects(name: string, documents: Record<string, object>): ManifestObject[] {
  return swarmObjects(name, node, documents);
}

function run(name: string, documents: Record<string, object>, request: Partial<DeployRequest> = {}) {
  return deploy(target, {
    environment: name,
    render: () => objects(name, documents),
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'swarm@test',
    timeoutMs: 60_000,
    ...request,
  });
}

const port = { name: 'http', port: serverPort };

test(
  'what has no public port is reached from its own environment only, and by nobody of another one',
  async () => {
    const desk = { client: { ports: [{ ...port, public: true }] }, store: { ports: [port] } };
    await Promise.all([run('left', desk), run('right', desk)]);
    const ask = (environment: string, url: string) =>
      askTask(
        swarm.client,
        environment,
        'client',
        `http://127.0.0.1:${serverPort}/ask?url=${encodeURIComponent(url)}`,
      );
    expect(await ask('left', `http://store:${serverPort}`)).toMatchObject({ self: 'left/store' });
    expect(await ask('right', `http://store:${serverPort}`)).toMatchObject({ self: 'right/store' });
    for (const host of ['store.left', 'left_store'])
      expect(await ask('right', `http://${host}:${serverPort}`)).toMatchObject({
        failure: expect.any(String),
      });
  },
  limitMs,
);

test(
  'a volume belongs to the service’s user, keeps what is in it, and goes with the environment',
  async () => {
    const writes = (version: string) => ({
      one: {
        command: [
          'node',
          '-e',
          `const fs = require('fs'); fs.appendFileSync('/data/log', '${version} '); console.log('has ' + fs.readFileSync('/data/log')); setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(0));`,
        ],
        volumes: [{ name: 'data', path: '/data', size: '1Mi' }],
        user: 4321,
      },
    });
    await run('data', writes('one'));
    await run('data', writes('two'));
    const lines: string[] = [];
    await target.logs('data', { onLine: ({ text }) => void lines.push(text) });
    expect(lines.map((line) => line.trim())).toContain('has one two');
    expect((await target.planDestroy('data')).map(({ kind, name }) => `${kind}/${name}`)).toContain(
      'Volume/one_data',
    );
    await target.destroy('data');
    expect(await target.planDestroy('data')).toEqual([]);
  },
  limitMs,
);

test('of two that take the lease at once one is refused, and a holder that has died loses it', async () => {
  await target.prepare('lease', objects('lease', { one: {} }));
  const both = await Promise.allSettled(['ana', 'ben'].map((holder) => target.acquire('lease', holder)));
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const [held] = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { message: expect.stringMatching(/^lease is being deployed by (ana|ben) since /) },
  });
  await held?.release();
  // Nobody renews it.
  const dead = await acquireLease(swarm.client, 'lease', 'dead', { durationSeconds: 2, renewMs: 60_000 });
  const limit = Date.now() + 30_000;
  for (;;) {
    const lease = await target.acquire('lease', 'cleo').catch((error: Error) => error);
    if (!(lease instanceof Error)) {
      await lease.release();
      break;
    }
    expect(lease.message).toMatch(/^lease is being deployed by dead since /);
    expect(Date.now()).toBeLessThan(limit);
    await pause(100);
  }
  expect(dead.lost.aborted).toBe(true);
  await dead.release();
}, 60_000);

test('refuses, before anything is changed, what the Swarm could not run', async () => {
  const document = { one: { resources: { cpu: '9000', memory: '1Ti' }, secrets: ['PASSWORD'] } };
  await expect(run('refused', document)).rejects.toThrow(
    /PASSWORD is missing; one needs it[^]*asks for 9000 CPUs[^]*bytes of memory/,
  );
  expect((await target.observe('refused', [])).exists).toBe(false);
});

test('says which folder a node lacks that a service is to read there', async () => {
  const document = { one: { nodeFolders: [{ folder: '/srv/berth-test-none', path: '/certificates' }] } };
  await expect(run('folders', document)).rejects.toThrow(
    /one cannot run: its node has no \/srv\/berth-test-none\n\s+task: one\.1\..*, node /,
  );
  await target.destroy('folders');
}, 60_000);

test('an environment that is older than its ttl has expired, and stays when it is deployed again meanwhile', async () => {
  const later = new Date(Date.now() + 2 * 3_600_000);
  const names = async (now: Date) => (await target.expired(now)).map(({ environment }) => environment);
  await target.prepare('old', objects('old', { one: {} }));
  expect(await names(new Date())).not.toContain('old');
  expect(await names(later)).toContain('old');
  expect(await destroyIfExpired(target, 'old', () => new Date())).toBe(false);
  expect(await names(later)).toContain('old');
  expect(await destroyIfExpired(target, 'old', () => later)).toBe(true);
  expect(await target.planDestroy('old')).toEqual([]);
});

test('what Berth did not make is never removed, whatever its labels say', async () => {
  const { client } = swarm;
  const config = (Name: string, Labels: Record<string, string>) =>
    client.post<{ ID: string }>('/configs/create', { body: { Name, Labels, Data: 'eA==' } });
  await target.prepare('mixed', objects('mixed', { one: {} }));
  const stray = await config('mixed-stray', { 'berth.dev/environment': 'mixed' });
  // A mark that somebody wrote by hand.
  await config('forged_berth-environment', {
    'berth.dev/environment': 'forged',
    'berth.dev/kind': 'environment',
    'berth.dev/ttl': '1s',
  });
  const later = new Date(Date.now() + 2 * 3_600_000);
  const found = (await target.expired(later)).map(({ environment }) => environment);
  expect(found).toContain('mixed');
  expect(found).not.toContain('forged');
  await expect(target.planDestroy('mixed')).rejects.toThrow(
    /did not make: mixed-stray\. Nothing was removed/,
  );
  await expect(target.destroy('mixed')).rejects.toThrow('mixed-stray');
  expect((await target.observe('mixed', [])).exists).toBe(true);
  await client.delete(`/configs/${stray.ID}`);
  await target.destroy('mixed');

  const stack = { 'com.docker.stack.namespace': 'theirs' };
  const { ID } = await client.post<{ ID: string }>('/services/create', {
    body: {
      Name: 'theirs_one',
      Labels: stack,
      TaskTemplate: { ContainerSpec: { Image: 'localhost:5000/pause:3.10.1' } },
      Mode: { Replicated: { Replicas: 0 } },
    },
  });
  await expect(target.destroy('theirs')).rejects.toThrow('The stack theirs was not made by Berth');
  expect(await client.find(`/services/${ID}`)).toBeDefined();
  await client.delete(`/services/${ID}`);
});

test(
  'keeps no version of a secret but the newest, and that which a service has until it is deployed',
  async () => {
    const document = { one: { secrets: ['PASSWORD'] } };
    const wanted = objects('versions', document);
    const set = (value: string, restart: boolean) => {
      const edit = { values: new Map([['PASSWORD', Buffer.from(value)]]), author: 'swarm@test', restart };
      return adjust(
        target,
        { environment: 'versions', author: 'swarm@test', timeoutMs: 60_000 },
        () => target.planSecrets('versions', wanted, edit),
        {
          prepare: () => target.prepare('versions', wanted),
          apply: (planned, signal) => target.applySecrets('versions', edit, planned, signal),
        },
      );
    };
    const kept = async () =>
      (await swarm.client.get<{ Spec: { Name: string } }[]>('/secrets'))
        .map(({ Spec }) => Spec.Name)
        .filter((name) => name.startsWith('versions_'))
        .sort();
    await set('first', true);
    await run('versions', document);
    await set('second', true);
    expect(await kept()).toEqual(['versions_PASSWORD.2']);
    await set('third', false);
    expect(await kept()).toEqual(['versions_PASSWORD.2', 'versions_PASSWORD.3']);
    await run('versions', document);
    expect(await kept()).toEqual(['versions_PASSWORD.3']);
    await target.destroy('versions');
    expect(await kept()).toEqual([]);
  },
  limitMs,
);

test('keeps the configs of ten records and of the last good one', async () => {
  const record = (outcome: 'succeeded' | 'failed') => ({
    ...{ author: 'ana@laptop', startedAt: '2026-01-02T12:00:00Z', finishedAt: '2026-01-02T12:00:01Z' },
    ...{ images: {}, outcome, changes: [], set: outcome, objects: [] },
  });
  await target.prepare('ten', objects('ten', { one: {} }));
  await target.writeRecord('ten', record('succeeded'));
  for (let number = 2; number <= 12; number++) await target.writeRecord('ten', record('failed'));
  const numbers = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 1];
  expect((await target.records('ten')).map(({ number }) => number)).toEqual(numbers);
  const configs = await swarm.client.get<{ Spec: { Name: string } }[]>('/configs');
  expect(configs.filter(({ Spec }) => Spec.Name.startsWith('ten_berth-record-'))).toHaveLength(
    numbers.length,
  );
  await target.destroy('ten');
}, 60_000);

test(
  'a host that a service of another environment has is refused before anything is changed',
  async () => {
    const open = { ports: [{ name: 'http', port: serverPort, public: true }] };
    const shop = { ...open, proxy: { hosts: ['shop.example.com'] } };
    await run('a-hosts', { web: open, shop });
    await expect(run('hosts', { 'web-a': open, shop })).rejects.toThrow(
      /shop\.example\.com, which service\/shop in a-hosts has[^]*web-a-hosts\.localhost, which service\/web in a-hosts has/,
    );
    expect((await target.observe('hosts', [])).exists).toBe(false);
    // What it has itself is no matter.
    await run('a-hosts', { web: { ...open, scale: { min: 2 } }, shop });
    await target.destroy('a-hosts');
  },
  limitMs,
);

test(
  'docker stack deploy takes the generated file, and what it makes is Berth’s to take over and to destroy',
  async () => {
    const { environment, services } = models('stack', {
      one: { ports: [port], writable: ['/tmp'], health: { tcp: true } },
    });
    const [file] = renderSwarmFiles(environment, services, testRendering);
    const runner = new ProcessRunner();
    const docker = ['docker', '--host', swarm.address];
    await runner.run([...docker, 'stack', 'deploy', '--resolve-image=never', '-c', '-', 'stack'], {
      input: file?.content ?? '',
    });
    const { stdout } = await runner.run([...docker, 'stack', 'services', '--format', '{{.Name}}', 'stack']);
    expect(stdout.trim()).toBe('stack_one');
    await run('stack', { one: { ports: [port], writable: ['/tmp'], health: { tcp: true } } });
    expect((await target.status('stack')).services).toMatchObject([
      { name: 'one', health: { state: 'healthy' } },
    ]);
    await target.destroy('stack');
    expect(await target.planDestroy('stack')).toEqual([]);
  },
  limitMs,
);

test('says of a dockerd in no Swarm what to type', async () => {
  const alone = await TestSwarm.start({ swarm: false });
  try {
    const nobody = new SwarmOrchestrator(alone.client, { holder: 'swarm@test', command: async () => [] });
    await expect(nobody.status('any')).rejects.toMatchObject({
      message: expect.stringContaining('is in no Swarm'),
      hint: expect.stringMatching(/docker --host unix:\S+ swarm init/),
    });
  } finally {
    await alone.stop();
  }
}, 60_000);
