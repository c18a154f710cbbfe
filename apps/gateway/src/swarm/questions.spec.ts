import { routingQuestions } from './questions';

const labels = {
  'berth.dev/environment': 'staging',
  'berth.dev/public': 'true',
  'berth.dev/note': 'a note',
};
const service = {
  ID: 'web1',
  CreatedAt: '2026-01-01T00:00:00Z',
  Spec: {
    Name: 'staging_web',
    Labels: labels,
    TaskTemplate: { ContainerSpec: { Env: ['PASSWORD=secret'], Secrets: [{ SecretName: 'secret' }] } },
  },
};
const task = (State: string, more: object = {}) => ({
  ServiceID: 'web1',
  Status: { State },
  Spec: { ContainerSpec: { Env: ['PASSWORD=secret'] } },
  NetworksAttachments: [
    { Network: { Spec: { Name: 'staging_default' } }, Addresses: ['10.0.2.5/24'] },
    { Network: { Spec: { Name: 'berth-admin' } }, Addresses: ['10.0.1.5/24'] },
  ],
  ...more,
});

let answers: Record<string, unknown[]>;
let asked: unknown[];
const { state, follow } = routingQuestions({
  list: async (path, filters) => {
    asked.push([path, filters]);
    return answers[path] as never;
  },
  follow: async (types) => void asked.push(types),
});
beforeEach(() => {
  asked = [];
  answers = { '/services': [service], '/tasks': [task('running')] };
});

it('tell of services and tasks what routes come from, and nothing else', async () => {
  const told = { 'berth.dev/public': 'true' };
  expect(await state()).toEqual({
    services: [{ id: 'web1', name: 'staging_web', createdAt: '2026-01-01T00:00:00Z', labels: told }],
    tasks: [{ service: 'web1', runs: true, address: '10.0.1.5' }],
    isMoving: false,
  });
  const label = ['berth.dev/environment'];
  expect(asked).toEqual([
    ['/services', { label }],
    ['/tasks', { label, 'desired-state': ['running', 'ready'] }],
  ]);
});

it.each([
  ['a task starts', [task('running'), task('starting')], {}, [true, false], true],
  ['a service is updated', [task('running')], { UpdateStatus: { State: 'updating' } }, [true], true],
  ['a task has failed', [task('running'), task('failed')], {}, [true], true],
  ['all is still', [task('running')], { UpdateStatus: { State: 'completed' } }, [true], false],
  ['a task is of another service', [task('starting', { ServiceID: 'other' })], {}, [], false],
  ['a task has no network yet', [task('running', { NetworksAttachments: null })], {}, [true], false],
])('say whether it will be other in a moment: %s', async (_what, tasks, more, runs, isMoving) => {
  answers = { '/services': [{ ...service, ...more }], '/tasks': tasks };
  const found = await state();
  expect([found.tasks.map((each) => each.runs), found.isMoving]).toEqual([runs, isMoving]);
});

it('follow what services, nodes and containers do', async () => {
  await follow(() => undefined, new AbortController().signal);
  expect(asked).toEqual([['service', 'node', 'container']]);
});
