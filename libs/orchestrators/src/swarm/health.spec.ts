import type { DockerNode, DockerService, DockerTask } from './docker/objects';
import { isStuck, judge } from './health';
import { dockerService, dockerTask, secondsAfterTwelve } from './testing-docker';

const crash = (id: string, at: number) => dockerTask(id, 'failed', { at, error: 'task: non-zero exit (3)' });

function judged(tasks: DockerTask[], { service = dockerService(), now = 60, since = 0 } = {}) {
  return judge(
    service,
    { services: [service], tasks, nodes: [] },
    secondsAfterTwelve(since),
    secondsAfterTwelve(now),
  );
}

describe('judge', () => {
  it('takes a task without a health check for well only when it has run for three seconds', () => {
    expect(judged([dockerTask('a', 'running', { at: 58 })]).state).toBe('progressing');
    expect(judged([dockerTask('a', 'running', { at: 57 })])).toMatchObject({
      state: 'healthy',
      ready: 1,
      wanted: 1,
    });
  });

  it('takes one with a health check for well as soon as Docker says that it runs', () => {
    const checked: DockerService = dockerService();
    const Healthcheck = { Test: ['CMD-SHELL', 'true'] };
    checked.Spec.TaskTemplate.ContainerSpec = { Image: 'web', Healthcheck };
    const task = {
      ...dockerTask('a', 'running', { at: 60 }),
      Spec: { ContainerSpec: { Image: 'web', Healthcheck } },
    };
    expect(judged([task], { service: checked }).state).toBe('healthy');
  });

  it('does not believe that a task runs on a node which the managers do not hear from', () => {
    const tasks = [{ ...dockerTask('a', 'running'), NodeID: 'one' }];
    const on = (State: string) => {
      const node = {
        ID: 'one',
        Description: { Hostname: 'rack-1' },
        Status: { State },
        Spec: {},
      } as DockerNode;
      const service = dockerService();
      const state = { services: [service], tasks, nodes: [node] };
      return judge(service, state, secondsAfterTwelve(0), secondsAfterTwelve(60));
    };
    expect(on('ready').state).toBe('healthy');
    for (const state of ['unknown', 'down'])
      expect(on(state)).toMatchObject({
        ready: 0,
        state: 'progressing',
        message: 'its node rack-1 does not answer',
      });
  });

  it('waits for the tasks of the version before to end', () => {
    const old = dockerTask('old', 'running', { image: 'web@sha256:0' });
    expect(judged([old, dockerTask('new', 'running')])).toMatchObject({
      state: 'progressing',
      message: '1 of the version before still run',
    });
  });

  it('wants one task on each manager of what runs on managers only', () => {
    const node = (ID: string, Role: string) => ({
      ...dockerService(),
      ID,
      Spec: { Role, Availability: 'active' },
      Status: { State: 'ready' },
    });
    const service = dockerService();
    service.Spec.Mode = { Global: {} };
    service.Spec.TaskTemplate.Placement = { Constraints: ['node.role==manager'] };
    const task = dockerTask('a', 'running');
    task.Spec = { ...task.Spec, Placement: { Constraints: ['node.role==manager'] } };
    const nodes = [node('one', 'manager'), node('two', 'worker')];
    const found = judge(service, { services: [service], tasks: [task], nodes }, 0, secondsAfterTwelve(60));
    expect(found).toMatchObject({ state: 'healthy', wanted: 1 });
  });

  it('gives up at the third crash of one slot, and not before', () => {
    expect(judged([crash('a', 10), crash('b', 20)])).toMatchObject({
      state: 'progressing',
      message: 'exit code 3; it is started again',
    });
    expect(judged([crash('a', 10), crash('b', 20), crash('c', 30)])).toMatchObject({
      state: 'hopeless',
      message: 'crashed 3 times (exit code 3)',
      pod: 'web.1.c00000000000',
    });
  });

  it('does not count what crashed before, nor what was of another version', () => {
    const earlier = [crash('a', 10), crash('b', 20), crash('c', 30)];
    expect(judged(earlier, { since: 25 }).state).toBe('progressing');
    const other = earlier.map((task) => ({ ...task, Spec: { ContainerSpec: { Image: 'web@sha256:0' } } }));
    expect(judged(other)).toMatchObject({ state: 'progressing', message: 'its tasks are being made' });
  });

  it('forgets crashes of a slot that runs again', () => {
    const tasks = [crash('a', 1), crash('b', 2), crash('c', 3), dockerTask('d', 'running', { at: 10 })];
    expect(judged(tasks).state).toBe('healthy');
  });

  it('leaves it to the registry whether an image is not there', () => {
    const rejected = dockerTask('a', 'rejected', { error: 'No such image: web@sha256:1' });
    expect(judged([rejected])).toMatchObject({ state: 'progressing', lacksImage: true });
  });

  it('does not count tasks without their image to what fails when they have it', () => {
    const rejected = (id: string, at: number, error: string) => dockerTask(id, 'rejected', { at, error });
    const without = [1, 2].map((at) => rejected(`t${at}`, at, 'No such image: web@sha256:1'));
    const network = (at: number) => rejected(`n${at}`, at, 'error while removing network: unknown network');
    expect(judged([...without, network(3)])).toMatchObject({
      state: 'progressing',
      message: 'error while removing network: unknown network; it is started again',
    });
    expect(judged([...without, network(3), network(4)]).state).toBe('hopeless');
  });

  it('says that its health check fails, not the code that it was killed with', () => {
    const error = 'task: non-zero exit (143): dockerexec: unhealthy container';
    const tasks = [1, 2, 3].map((at) => dockerTask(`t${at}`, 'failed', { at, error }));
    expect(judged(tasks).message).toBe('crashed 3 times (its health check fails)');
  });

  it('says that its node lacks a folder, at the second time that it does', () => {
    const error = 'invalid mount config for type "bind": bind source path does not exist: /srv/certificates';
    const refused = (id: string, at: number) => dockerTask(id, 'rejected', { at, error });
    expect(judged([refused('a', 1)]).state).toBe('progressing');
    expect(judged([refused('a', 1), refused('b', 2)])).toMatchObject({
      state: 'hopeless',
      message: 'its node has no /srv/certificates',
    });
  });

  it('gives up when no node takes a task, after five seconds', () => {
    const error = 'no suitable node (insufficient resources on 1 node)';
    const task = dockerTask('a', 'pending', { at: 0, error });
    expect(judged([task], { now: 4 }).state).toBe('progressing');
    expect(judged([task], { now: 6 })).toMatchObject({
      state: 'hopeless',
      message: `no node takes it: ${error}`,
    });
  });
});

describe('isStuck', () => {
  const paused = dockerService('web@sha256:1', { UpdateStatus: { State: 'paused' } });
  const state = (...tasks: DockerTask[]) => ({ services: [paused], tasks, nodes: [] });

  it('is an update that has stopped at a failure which is over', () => {
    expect(isStuck(paused, state(crash('a', 1), dockerTask('b', 'running')))).toBe(true);
    expect(isStuck(paused, state(crash('a', 1), dockerTask('b', 'starting')))).toBe(false);
    expect(isStuck(paused, state(crash('a', 1)))).toBe(false);
    expect(isStuck(dockerService(), state(dockerTask('b', 'running')))).toBe(false);
  });

  it('is one that has left two tasks in one slot', () => {
    const service = (State: string) => dockerService('web@sha256:1', { UpdateStatus: { State } });
    const twins = state(dockerTask('a', 'running'), dockerTask('b', 'running'));
    expect(isStuck(service('completed'), twins)).toBe(true);
    expect(isStuck(service('updating'), twins)).toBe(false);
    const leaving = { ...dockerTask('b', 'running'), DesiredState: 'shutdown' };
    expect(isStuck(service('completed'), state(dockerTask('a', 'running'), leaving))).toBe(false);
    expect(judged(twins.tasks)).toMatchObject({
      state: 'progressing',
      message: '1 more than wanted still run',
    });
  });
});
