import { until as untilHolds } from '@berth/exec/src/testing-until';
import type { ShownSwarm } from '@berth/orchestrators';
import type { Entry, EnvironmentEntry, ProbeFailure, ServiceEntry, SourceEntry } from '../../entries';
import { NoLinesError } from '../log-lines';
import type { Monitor } from '../monitor';
import { noLinesOnSwarm } from './lines';
import { startSwarmMonitor } from './monitor';
import { shownEnvironment, shownService, shownSwarm } from './testing-swarm';

/** Hours: nothing is seen by time where a test is about events. */
const never = 3_600_000;
const key = { environment: 'staging', kind: 'Service', name: 'web' };

let state: ShownSwarm | Error;
let tellers: (() => void)[];
let failures: Map<string, ProbeFailure[]>;
let changes: number;
let warnings: string[];
let monitor: Monitor;

function start(pace = {}): void {
  tellers = [];
  failures = new Map();
  warnings = [];
  changes = 0;
  monitor = startSwarmMonitor({
    api: {
      state: async () => {
        if (state instanceof Error) throw state;
        return state;
      },
      follow: (onChange, signal) =>
        new Promise((_, reject) => {
          tellers.push(onChange);
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    },
    log: {
      info: () => undefined,
      warn: (_fields, message) => void warnings.push(message),
      error: (fields) => console.error(fields),
    },
    onChange: () => changes++,
    failures: () => failures,
    tickMs: 10,
    pace: { moving: never, still: never, afterEvent: 0, reconnect: never, ...pace },
  });
}
afterEach(() => monitor.stop());

const entries = (): Record<string, Entry> =>
  JSON.parse(monitor.ledger.after(undefined).set) as Record<string, Entry>;
const web = () => entries()['service/staging/Service/web'] as ServiceEntry | undefined;
const source = () => entries()['source'] as SourceEntry | undefined;
const until = (holds: () => boolean) => untilHolds(holds, Boolean, 4_000, 5);
const tell = () => tellers.forEach((each) => each());

it('has the environments and services of the Swarm, and follows what happens to them', async () => {
  state = shownSwarm([shownEnvironment('staging', [shownService('web')])]);
  start();
  expect(monitor.waitsFor()).toBe('the first look at the Swarm');
  await until(() => web() !== undefined);
  expect(monitor.waitsFor()).toBeUndefined();
  expect(source()).toEqual({ orchestrator: 'swarm' });
  expect(web()).toEqual({
    environment: 'staging',
    service: 'web',
    kind: 'Service',
    name: 'web',
    state: 'healthy',
    ready: 1,
    wanted: 1,
    message: '',
    images: [`localhost:5000/berth/web@sha256:${'0123abcd'.repeat(8)}`],
    createdAt: '2026-01-01T00:00:00Z',
    hosts: ['web-staging.localhost'],
    ports: ['http 8080'],
  });
  expect(entries()['service/admin/Service/gateway']).toMatchObject({ hosts: [], ports: ['http 8080'] });

  const health = { state: 'progressing' as const, ready: 0, wanted: 1, message: 'one is starting' };
  state = shownSwarm([shownEnvironment('staging', [shownService('web', 'staging', { health })])]);
  tell();
  await until(() => web()?.state === 'progressing');
  state = shownSwarm([shownEnvironment('prod', [shownService('web', 'prod')])]);
  tell();
  await until(() => entries()['service/prod/Service/web'] !== undefined);
  expect(entries()['service/prod/Service/web']).toMatchObject({ hosts: ['web-prod.localhost'] });
  expect(web()).toBeUndefined();
  state = shownSwarm([]);
  tell();
  await until(() => entries()['environment/prod'] === undefined);
  expect(Object.keys(entries()).sort()).toEqual([
    'environment/admin',
    'service/admin/Service/gateway',
    'source',
  ]);
});

it('says nothing where nothing has changed', async () => {
  state = shownSwarm([shownEnvironment('staging', [shownService('web')])]);
  start({ still: 1 });
  await until(() => web() !== undefined);
  let looks = 0;
  const found = state;
  Object.defineProperty(found, 'isMoving', { get: () => (looks++, false) });
  await until(() => looks > 5);
  expect(changes).toBe(1);
});

it('says what an environment was deployed of, who deploys, and what gets no route', async () => {
  const deploy = { number: 3, at: '2026-01-02T11:00:00Z', author: 'ana', outcome: 'succeeded' as const };
  const taken = shownService('a-b', 'c', { readiness: undefined });
  const owner = shownService('a', 'b-c', { readiness: undefined });
  owner.routed.createdAt = '2025-01-01T00:00:00Z';
  state = shownSwarm([
    shownEnvironment('b-c', [owner]),
    shownEnvironment('c', [taken], {
      ttl: '3d',
      expiresAt: '2026-01-05T11:00:00Z',
      deploys: [deploy],
      deploying: { holder: 'ben', since: '2026-01-02T11:59:00Z' },
    }),
  ]);
  start();
  await until(() => entries()['environment/c'] !== undefined);
  expect(entries()['environment/c']).toEqual({
    name: 'c',
    createdAt: '2026-01-01T00:00:00Z',
    ending: false,
    protected: false,
    ttl: '3d',
    expiresAt: '2026-01-05T11:00:00Z',
    lastDeploy: deploy,
    deploying: { holder: 'ben', since: '2026-01-02T11:59:00Z' },
    refused: [
      {
        service: 'a-b',
        host: 'a-b-c.localhost',
        reason: 'HostTaken',
        message: expect.stringContaining('b-c'),
      },
    ],
  } satisfies EnvironmentEntry);
  expect(entries()['service/c/Service/a-b']).toMatchObject({ hosts: [] });
});

it('says of a service that is not well that its update has stopped', async () => {
  const update = { state: 'paused', at: '2026-01-02T11:59:00Z', message: 'update paused due to failure' };
  const health = {
    state: 'hopeless' as const,
    ready: 0,
    wanted: 1,
    message: 'crashed 3 times (exit code 3)',
  };
  state = shownSwarm([shownEnvironment('staging', [shownService('web', 'staging', { health, update })])]);
  start();
  await until(() => web() !== undefined);
  expect(web()?.message).toBe('crashed 3 times (exit code 3); its update has stopped');
  state = shownSwarm([shownEnvironment('staging', [shownService('web', 'staging', { update })])]);
  tell();
  await until(() => web()?.message === '');
});

it('keeps what it has while the Swarm is not heard, or not to be believed, and says since when', async () => {
  const well = shownSwarm([shownEnvironment('staging', [shownService('web')])]);
  state = well;
  start();
  await until(() => web() !== undefined);
  for (const nothing of [new Error('dockerd answered 503'), { ...well, environments: [] }]) {
    state = nothing;
    tell();
    await until(() => source()?.oldSince === well.at);
    expect(web()?.state).toBe('healthy');
    expect(monitor.age()).toBeGreaterThanOrEqual(0);
    state = well;
    await until(() => source()?.oldSince === undefined);
    expect(monitor.age()).toBe(0);
  }
  expect(warnings.filter((each) => each === 'cannot see the Swarm')).toHaveLength(2);
});

it('tells of probes that fail, whether or not the Swarm is heard', async () => {
  state = shownSwarm([shownEnvironment('staging', [shownService('web')])]);
  start();
  await until(() => web() !== undefined);
  const failure = { asked: 'http://web.staging:8080', problem: 'connection refused', since: 'x' };
  failures = new Map([['staging/web', [failure]]]);
  await until(() => web()?.failing !== undefined);
  expect(web()?.failing).toEqual([failure]);
});

it('shows the tasks behind a service, those that have failed, and its last update', async () => {
  const [task] = shownService('web').tasks;
  const service = shownService('web', 'staging', {
    tasks: [{ ...task!, state: 'pending', ready: false, error: 'no suitable node' }],
    ended: [{ at: '2026-01-02T11:58:00Z', task: 'web.1.b', state: 'failed', why: 'exit code 3' }],
    update: { state: 'paused', at: '2026-01-02T11:59:00Z', message: 'update paused' },
  });
  state = shownSwarm([shownEnvironment('staging', [service])]);
  start();
  await until(() => web() !== undefined);
  expect(monitor.details(key)).toEqual({
    pods: [{ ...task, state: 'pending: no suitable node', ready: false }],
    events: [
      {
        at: '2026-01-02T11:59:00Z',
        type: 'Warning',
        reason: 'paused',
        object: 'Service/web',
        message: 'update paused',
        count: 1,
      },
      {
        at: '2026-01-02T11:58:00Z',
        type: 'Warning',
        reason: 'failed',
        object: 'Task/web.1.b',
        message: 'exit code 3',
        count: 1,
      },
    ],
    deploys: [],
  });
  for (const other of [{ name: 'nobody' }, { kind: 'Deployment' }, { environment: 'prod' }])
    expect(monitor.details({ ...key, ...other })).toBeUndefined();
});

it('gives no lines, and says why', async () => {
  state = shownSwarm([shownEnvironment('staging', [shownService('web')])]);
  start();
  await until(() => web() !== undefined);
  const read = noLinesOnSwarm(monitor);
  await expect(read(key)).rejects.toThrow(NoLinesError);
  expect(await read({ ...key, name: 'nobody' })).toBeUndefined();
});

describe('probes', () => {
  const targets = async (...services: ReturnType<typeof shownService>[]) => {
    state = shownSwarm([shownEnvironment('staging', services)]);
    start();
    await until(() => monitor.ledger.version > 0);
    return monitor.targets({ namespace: 'admin', name: 'gateway' });
  };

  it('ask where a service is ready by its name, and its addresses by the gateway’s, on the network of both', async () => {
    const staging = { environment: 'staging', service: 'web' };
    expect(await targets(shownService('web'))).toEqual([
      {
        ...staging,
        id: 'health/staging/web',
        probe: 'health',
        name: 'web.staging',
        address: '10.0.1.5/24',
        port: 8080,
        host: 'web.staging:8080',
        path: '/readyz',
      },
      {
        ...staging,
        id: 'address/web-staging.localhost',
        probe: 'address',
        name: 'gateway.admin',
        address: '10.0.1.2/24',
        port: 8080,
        host: 'web-staging.localhost',
        path: '/',
      },
    ]);
  });

  it.each([
    ['is on the network of its environment alone', { network: undefined }, 1],
    ['does not say where it is ready', { readiness: undefined }, 1],
    ['is to run no task', { health: { state: 'healthy' as const, ready: 0, wanted: 0, message: '' } }, 0],
    ['has a path that is none', { readiness: { port: 8080, path: '/a b' } }, 1],
  ])('do not ask what %s', async (_what, fields, left) => {
    const found = await targets(shownService('web', 'staging', fields));
    expect(found?.filter(({ probe }) => probe === 'health')).toEqual([]);
    expect(found).toHaveLength(left);
  });

  it('are not known before the Swarm is', () => {
    state = new Error('nobody is there');
    start();
    expect(monitor.targets({ namespace: 'admin', name: 'gateway' })).toBeUndefined();
  });
});

it('knows the domain of a public service', async () => {
  state = shownSwarm([shownEnvironment('staging', [shownService('web')])]);
  start();
  await until(() => web() !== undefined);
  expect(monitor.domainOf('staging', 'web')).toBe('localhost');
  expect(monitor.domainOf('admin', 'gateway')).toBeUndefined();
  expect(monitor.domainOf(undefined, 'web')).toBeUndefined();
});
