import { judge } from './health';
import type { LiveService } from './services';
import { taskEnd } from './tasks';
import { podStatus } from './status';

const live = (difference: Partial<LiveService>, rollout: object = {}): LiveService => ({
  arn: 'arn:aws:ecs:eu-west-1:123456789012:service/main/web',
  desired: 2,
  running: 2,
  lastEvent: '',
  rollout: {
    state: 'COMPLETED',
    reason: '',
    failedTasks: 0,
    startedAt: new Date(0),
    taskDefinition: 'web:1',
    ...rollout,
  },
  ...difference,
});

it.each<[string, LiveService | undefined, object]>([
  [
    'is healthy when it is rolled out and all tasks run',
    live({}),
    { state: 'healthy', ready: 2, message: '' },
  ],
  ['may run no task at all', live({ desired: 0, running: 0 }), { state: 'healthy', wanted: 0 }],
  ['waits for tasks', live({ running: 1 }), { state: 'progressing', message: '1 of 2 tasks run' }],
  [
    'waits for the rollout, though the tasks of the one before still run',
    live({}, { state: 'IN_PROGRESS', failedTasks: 2 }),
    { state: 'progressing', message: '2 of 2 tasks run, 2 have failed' },
  ],
  [
    'is hopeless once the circuit breaker has opened',
    live({}, { state: 'FAILED', reason: 'ECS deployment circuit breaker: tasks failed to start.' }),
    { state: 'hopeless', message: 'ECS deployment circuit breaker: tasks failed to start.' },
  ],
  ['waits for what is not there yet', undefined, { state: 'progressing', message: 'is not there yet' }],
])('%s', (_, service, expected) => {
  expect(judge('web', service)).toMatchObject(expected);
});

const task = (id: string, difference: object = {}) => ({
  taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/main/${id}`,
  stopCode: 'EssentialContainerExited' as const,
  stoppedAt: new Date(0),
  stoppedReason: 'Essential container in task exited',
  containers: [
    { name: 'web', exitCode: 3 },
    { name: 'berth-folders', exitCode: 0 },
  ],
  ...difference,
});

it('tells why the newest task has stopped by itself, and of which container', () => {
  expect(taskEnd([task('old'), task('new', { stoppedAt: new Date(1000) })])).toEqual({
    task: 'new',
    container: 'web',
    why: 'Essential container in task exited; exit code 3',
  });
  const pull = {
    stopCode: 'TaskFailedToStart',
    stoppedReason: 'CannotPullContainerError: not found',
    containers: [{ name: 'web', reason: 'CannotPullContainerError: not found' }],
  };
  expect(taskEnd([task('pull', pull)])?.why).toBe('CannotPullContainerError: not found');
});

it('passes over tasks that a deploy has stopped, but not those that were unwell', () => {
  const scaled = {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Scaling activity initiated by deployment',
  };
  expect(taskEnd([task('scaled', scaled)])).toBeUndefined();
  const unwell = { ...scaled, stoppedReason: 'Task failed container health checks' };
  expect(taskEnd([task('unwell', unwell)])?.why).toContain('health checks');
});

it('shows a task as people know pods, without the containers that Berth adds', () => {
  const running = {
    taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/main/0123',
    lastStatus: 'RUNNING',
    availabilityZone: 'eu-west-1a',
    startedAt: new Date('2026-01-02T12:00:00Z'),
    containers: [
      { name: 'web', lastStatus: 'RUNNING' },
      { name: 'berth-folders', lastStatus: 'STOPPED' },
    ],
  };
  expect(podStatus(running)).toEqual({
    name: '0123',
    state: 'Running',
    ready: true,
    restarts: 0,
    node: 'eu-west-1a',
    startedAt: '2026-01-02T12:00:00.000Z',
  });
  expect(podStatus({ ...running, healthStatus: 'UNHEALTHY' })).toMatchObject({
    ready: false,
    state: 'Unhealthy',
  });
});
