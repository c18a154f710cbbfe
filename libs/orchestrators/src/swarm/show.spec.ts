import { showSwarm, shownSwarm } from './show';
import { config, markOf, node, webService, webTask } from './testing-answers';
import { secondsAfterTwelve } from './testing-docker';

const now = new Date(secondsAfterTwelve(60));
const shown = (parts: Partial<Parameters<typeof shownSwarm>[0]>) =>
  shownSwarm(
    {
      services: [webService()],
      tasks: [webTask('a', 'running')],
      nodes: [node],
      marks: [markOf('staging')],
      leases: [],
      ...parts,
    },
    now,
  );
const web = (parts: Partial<Parameters<typeof shownSwarm>[0]>) => shown(parts).environments[0]!.services[0]!;

it('shows of an environment and its services what people look for', () => {
  expect(shown({})).toEqual({
    at: '2026-01-02T12:01:00.000Z',
    isMoving: false,
    environments: [
      {
        name: 'staging',
        createdAt: '2026-01-01T00:00:00Z',
        protected: false,
        deploys: [],
        services: [
          {
            name: 'web',
            health: { state: 'healthy', ready: 1, wanted: 1, message: '' },
            images: ['localhost:5000/berth/web@sha256:1'],
            routed: {
              id: 'service1',
              name: 'staging_web',
              createdAt: '2026-01-02T12:00:00Z',
              labels: {
                'berth.dev/public': 'true',
                'berth.dev/domain': 'localhost',
                'berth.dev/public-ports': 'http',
                'berth.dev/ports': '[{"name":"http","port":8080,"appProtocol":"http"}]',
              },
            },
            tasks: [
              {
                name: 'web.1.a00000000000',
                state: 'running',
                ready: true,
                restarts: 0,
                node: 'alpha',
                startedAt: '2026-01-02T12:00:00.000Z',
              },
            ],
            ended: [],
            readiness: { port: 8080, path: '/readyz' },
            published: [],
            network: '10.0.1.5/24',
          },
        ],
      },
    ],
  });
});

it('shows no variable, command, secret, or content of a config', () => {
  const parts = {
    tasks: [webTask('a', 'running'), webTask('b', 'failed', { error: 'task: non-zero exit (3)' })],
    leases: [config('staging_berth-lease', { 'berth.dev/environment': 'staging' })],
  };
  const text = JSON.stringify(shown(parts));
  expect(text).toContain('exit code 3');
  expect(text).not.toMatch(/hunter2|aHVudGVyMg/i);
});

it('asks dockerd for lists, and of configs only for marks and leases', async () => {
  const asked: unknown[] = [];
  const found = await showSwarm(
    async (path, filters) => {
      asked.push([path, filters]);
      return [];
    },
    () => now,
  );
  expect(found.environments).toEqual([]);
  const label = ['berth.dev/environment'];
  const ours = 'app.kubernetes.io/managed-by=berth';
  expect(asked).toEqual([
    ['/services', { label }],
    ['/tasks', { label }],
    ['/nodes', undefined],
    ['/configs', { label: ['berth.dev/kind=environment', ours] }],
    ['/configs', { label: ['berth.dev/kind=lease', ours] }],
  ]);
});

it('says what a service waits for, what its tasks have failed of, and that its update has stopped', () => {
  const update = {
    State: 'paused',
    StartedAt: '2026-01-02T12:00:10Z',
    Message: 'update paused due to failure or early termination of task b',
  };
  const failed = (id: string, at: number) => webTask(id, 'failed', { at, error: 'task: non-zero exit (3)' });
  const service = web({
    services: [webService({ UpdateStatus: update })],
    tasks: [failed('b', 20), failed('c', 30), failed('d', 40), webTask('e', 'starting', { at: 50 })],
  });
  expect(service.health).toEqual({
    state: 'hopeless',
    ready: 0,
    wanted: 1,
    message: 'crashed 3 times (exit code 3)',
  });
  expect(service.tasks.map(({ name, restarts }) => [name, restarts])).toEqual([['web.1.e00000000000', 3]]);
  expect(service.ended.map(({ task, state, why }) => [task, state, why])).toEqual(
    ['d', 'c', 'b'].map((id) => [`web.1.${id.padEnd(12, '0')}`, 'failed', 'exit code 3']),
  );
  expect(service.update).toEqual({ state: 'paused', at: update.StartedAt, message: update.Message });
});

it('says what Swarm has to say of a task that does not come about', () => {
  const error = 'no suitable node (insufficient resources on 1 node)';
  expect(web({ tasks: [webTask('a', 'pending', { error })] }).tasks).toMatchObject([
    { state: 'pending', error },
  ]);
});

it('says what was deployed, who deploys, and when it expires, as the labels of the mark and the lease do', () => {
  const deploy = { number: 3, at: '2026-01-02T11:00:00Z', author: 'ana@laptop', outcome: 'succeeded' };
  const marks = [
    markOf('staging', {
      'berth.dev/ttl': '3d',
      'berth.dev/deployed-at': deploy.at,
      'berth.dev/last-deploy': JSON.stringify(deploy),
      'berth.dev/deploys': JSON.stringify([deploy, { ...deploy, number: 2 }]),
    }),
    markOf('prod', { 'berth.dev/ttl': '3d', 'berth.dev/protected': 'true' }),
  ];
  const leases = [
    config('staging_berth-lease', {
      'berth.dev/holder': 'ben@ci#1',
      'berth.dev/since': '2026-01-02T12:00:30Z',
      'berth.dev/renewed': '2026-01-02T12:00:50Z',
      'berth.dev/seconds': '30',
    }),
  ];
  const [prod, staging] = shown({ marks, leases }).environments;
  expect(staging).toMatchObject({
    ttl: '3d',
    expiresAt: '2026-01-05T11:00:00.000Z',
    deploys: [deploy, { ...deploy, number: 2 }],
    deploying: { holder: 'ben@ci', since: '2026-01-02T12:00:30Z' },
  });
  expect(prod).toEqual({
    name: 'prod',
    createdAt: '2026-01-01T00:00:00Z',
    protected: true,
    ttl: '3d',
    deploys: [],
    services: [],
  });
});

it('shows no environment that Berth has not made, and takes whose a service is from its name', () => {
  const { Spec, ...rest } = webService();
  const stranger = { ...rest, ID: 'service2', Spec: { ...Spec, Name: 'other_web' } };
  const marks = [markOf('staging'), config('staging2_berth-environment', { 'berth.dev/environment': 'x' })];
  const { environments } = shown({ services: [webService(), stranger], marks });
  expect(environments.map(({ name, services }) => [name, services.length])).toEqual([['staging', 1]]);
});

it.each([
  ['all is still', {}, false],
  ['a task starts', { tasks: [webTask('a', 'running'), webTask('b', 'starting')] }, true],
  ['a service is updated', { services: [webService({ UpdateStatus: { State: 'updating' } })] }, true],
  ['a task has failed for good', { tasks: [webTask('a', 'running'), webTask('b', 'failed')] }, false],
])('says whether it will be other in a moment: %s', (_what, parts, isMoving) => {
  expect(shown(parts).isMoving).toBe(isMoving);
});

it.each(['{', '{"port":"8080","path":"/"}', '{"port":8080,"path":"readyz"}'])(
  'knows nowhere to ask by a label that somebody has spoilt: %s',
  (label) => {
    const { Spec, ...rest } = webService();
    const labels = { ...Spec.Labels, 'berth.dev/readiness': label };
    expect(web({ services: [{ ...rest, Spec: { ...Spec, Labels: labels } }] }).readiness).toBeUndefined();
  },
);
