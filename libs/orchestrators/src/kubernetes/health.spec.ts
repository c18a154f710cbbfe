import type { LiveObject } from '@berth/kube';
import * as health from './health';
import type { Observed, Seen } from './health';
import { keptEvent, keptPod, keptReplicaSet, keptWorkload } from './kept-fields';

type Fields = Record<string, unknown>;

/** By what the wait for health keeps of each object: it is enough. */
const kept = (state: Observed): Observed => ({
  ...state,
  replicaSets: state.replicaSets.map(keptReplicaSet),
  pods: state.pods?.map(keptPod),
  events: state.events.map(keptEvent),
});
const judge = (workload: LiveObject, state: Observed, seen: Seen, now: number) =>
  health.judge(keptWorkload(workload), kept(state), seen, now);
const stuckPods = (workload: LiveObject, state: Observed) =>
  health.stuckPods(keptWorkload(workload), kept(state)).map(({ metadata }) => metadata.name);

function object(kind: string, name: string, fields: Fields & { metadata?: Fields } = {}): LiveObject {
  const { metadata, ...rest } = fields;
  return {
    apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
    kind,
    metadata: {
      name,
      namespace: 'staging',
      uid: `${kind}/${name}`,
      resourceVersion: '1',
      creationTimestamp: '',
      generation: 1,
      ...metadata,
    },
    ...rest,
  };
}

const ownedBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `${kind}/${name}` }],
});
const revision = (number: string) => ({ annotations: { 'deployment.kubernetes.io/revision': number } });
const web = (status: Fields = {}, metadata: Fields = {}) =>
  object('Deployment', 'web', {
    metadata: { ...revision('2'), ...metadata },
    spec: { replicas: 1 },
    status: { observedGeneration: 1, ...status },
  });
const replicaSets = [
  object('ReplicaSet', 'web-1', { metadata: { ...ownedBy('Deployment', 'web'), ...revision('1') } }),
  object('ReplicaSet', 'web-2', { metadata: { ...ownedBy('Deployment', 'web'), ...revision('2') } }),
];
const pod = (container: Fields, replicaSet = 'web-2', rest: Fields = {}) =>
  object('Pod', `${replicaSet}-x`, {
    metadata: ownedBy('ReplicaSet', replicaSet),
    status: { containerStatuses: [{ name: 'web', restartCount: 0, ...container }], ...rest },
  });
const waiting = (reason: string, message = '') => ({ state: { waiting: { reason, message } } });
/** The third end of a container, a second after it has started. */
const crashed = (run: Fields = {}) => {
  const [startedAt, finishedAt] = ['1970-01-01T23:59:59Z', '1970-01-02T00:00:00Z'];
  const terminated = { exitCode: 3, startedAt, finishedAt };
  return { restartCount: 2, state: { terminated: { ...terminated, ...run } }, lastState: { terminated } };
};
const observed = (pods: LiveObject[], rest: Partial<Observed> = {}): Observed => ({
  workloads: [],
  replicaSets,
  pods,
  events: [],
  ...rest,
});

/** The verdict after `seconds` in which nothing has changed. */
function after(seconds: number, workload: LiveObject, state: Observed) {
  const seen: Seen = new Map();
  judge(workload, state, seen, 0);
  return judge(workload, state, seen, seconds * 1000);
}

describe('a Deployment', () => {
  it('is healthy when all of its pods are new, ready, and the old ones gone', () => {
    const all = { updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, replicas: 1 };
    const running = pod({ state: { running: { startedAt: '1970-01-01T00:00:00Z' } } });
    const healthy = { state: 'healthy', ready: 1, wanted: 1 };
    expect(after(60, web(all), observed([running]))).toMatchObject(healthy);
    expect(after(0, web(all), { ...observed([]), pods: undefined })).toMatchObject(healthy);
    const old = { ...all, readyReplicas: 2, availableReplicas: 2, replicas: 2 };
    expect(after(0, web(old), observed([]))).toMatchObject({
      state: 'progressing',
      ready: 1,
      message: '1 old pod is still there',
    });
  });

  it('is not healthy in the moment between two crashes, when Kubernetes counts its pod as ready', () => {
    const all = { updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, replicas: 1 };
    const running = (restartCount: number) =>
      pod({ restartCount, state: { running: { startedAt: '1970-01-01T00:00:00Z' } } });
    expect(after(3, web(all), observed([running(0)])).state).toBe('progressing');
    expect(after(4, web(all), observed([running(0)])).state).toBe('healthy');
    expect(after(10, web(all), observed([running(1)])).state).toBe('progressing');
    expect(after(11, web(all), observed([running(1)])).state).toBe('healthy');
    const ended = pod({ state: { terminated: { exitCode: 3 } } });
    expect(after(60, web(all), observed([ended])).state).toBe('progressing');
    const probed = { ...running(0), spec: { containers: [{ name: 'web', readinessProbe: {} }] } };
    expect(after(0, web(all), observed([probed])).state).toBe('healthy');
  });

  it('is not healthy by its count alone, which may come before any word of its pods', () => {
    const all = { updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, replicas: 1 };
    expect(after(60, web(all), observed([]))).toMatchObject({
      state: 'progressing',
      message: '0 of 1 pods are known',
    });
    const scheduled = object('Pod', 'web-2-x', { metadata: ownedBy('ReplicaSet', 'web-2'), status: {} });
    expect(after(60, web(all), observed([scheduled])).state).toBe('progressing');
  });

  it('is not judged by the status of its last version', () => {
    const all = { updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, replicas: 1 };
    expect(after(0, web(all, { generation: 2 }), observed([]))).toMatchObject({
      state: 'progressing',
      message: 'its controller has not seen the change yet',
    });
  });

  it('names the new pod that is not ready, while old ones still serve', () => {
    const counts = { updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, replicas: 2 };
    const running = { state: { running: {} } };
    const unready = pod(running, 'web-2', { conditions: [{ type: 'Ready', status: 'False' }] });
    expect(after(60, web(counts), observed([unready, pod(running, 'web-1')]))).toMatchObject({
      state: 'progressing',
      message: '1 old pod is still there; pod web-2-x is not ready',
      pod: 'web-2-x',
    });
  });

  it('is not judged by the pods of its last version', () => {
    const old = pod(waiting('ErrImagePull', 'not found'), 'web-1');
    expect(after(600, web(), observed([old])).state).toBe('progressing');
  });
});

describe('there is no hope', () => {
  it.each([
    ['for an image that is not there', 0, waiting('ErrImagePull', 'manifest unknown: not found')],
    ['for an image that is denied', 0, waiting('ImagePullBackOff', 'pull access denied')],
    ['after a minute without the registry', 60, waiting('ErrImagePull', 'dial tcp: connection refused')],
    ['for a name that is none', 0, waiting('InvalidImageName')],
    ['for a missing secret', 0, waiting('CreateContainerConfigError', 'secret "berth-secrets" not found')],
    ['for a program that is not there', 0, waiting('RunContainerError', 'exec: no such file or directory')],
    ['at the third crash, before the node holds it back', 0, crashed()],
    [
      'at the third crash',
      0,
      { restartCount: 2, ...waiting('CrashLoopBackOff'), lastState: { terminated: { exitCode: 3 } } },
    ],
  ])('%s', (_title, seconds, container) => {
    const state = observed([pod(container)]);
    if (seconds > 0) expect(after(seconds - 1, web(), state).state).toBe('progressing');
    expect(after(seconds, web(), state)).toMatchObject({
      state: 'hopeless',
      pod: 'web-2-x',
      container: 'web',
    });
  });

  it('for a missing secret that only an event tells of yet', () => {
    const slow = pod(waiting('CreateContainerConfigError', 'failed to sync secret cache: timed out'));
    const event = (message: string, container = 'web') =>
      object('Event', 'e', {
        reason: 'Failed',
        message,
        involvedObject: { uid: slow.metadata.uid, fieldPath: `spec.containers{${container}}` },
      });
    const missing = 'Error: secret "berth-secrets" not found';
    expect(after(0, web(), observed([slow], { events: [event(missing)] }))).toMatchObject({
      state: 'hopeless',
      message: expect.stringContaining('CreateContainerConfigError: secret "berth-secrets" not found'),
    });
    const others = [event('Error: failed to sync secret cache: timed out'), event(missing, 'other')];
    expect(after(59, web(), observed([slow], { events: others })).state).toBe('progressing');
  });

  it('when Pod Security refuses its pods, and two seconds after the quota does', () => {
    const refused = (message: string) => {
      const condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message };
      const [old, current] = replicaSets;
      return observed([], { replicaSets: [old!, { ...current!, status: { conditions: [condition] } }] });
    };
    expect(after(0, web(), refused('violates PodSecurity "restricted:latest"')).state).toBe('hopeless');
    const quota = refused('pods "web" is forbidden: exceeded quota: none');
    expect(after(1, web(), quota).state).toBe('progressing');
    expect(after(2, web(), quota)).toMatchObject({
      state: 'hopeless',
      message: expect.stringContaining('pods cannot be created: pods "web" is forbidden: exceeded quota'),
    });
  });

  it('when no node is big enough; a full node may get room', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'Insufficient cpu' },
    ];
    const pending = pod({}, 'web-2', { conditions, containerStatuses: [] });
    const nodes = (never?: string) => ({ nodes: { noNode: () => never, autoscaled: false } });
    expect(after(0, web(), observed([pending], nodes('it is too big'))).state).toBe('hopeless');
    expect(after(600, web(), observed([pending], nodes()))).toMatchObject({
      state: 'progressing',
      message: expect.stringContaining('Insufficient cpu'),
    });
  });

  describe('of a node, where nodes are added for pods', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'full' }];
    const pending = pod({}, 'web-2', { conditions, containerStatuses: [] });
    const nodes = { noNode: () => 'its requests are more than any node has', autoscaled: true };
    const said = (reason: string, message: string, second: number, component = 'cluster-autoscaler') =>
      object('Event', `${reason}-${second}`, {
        metadata: { creationTimestamp: `1970-01-01T00:00:0${second}Z` },
        ...{ reason, message, involvedObject: { uid: 'Pod/web-2-x' }, source: { component } },
      });
    const judged = (seconds: number, ...events: LiveObject[]) =>
      after(seconds, web(), observed([pending], { nodes, events }));

    it('only when a minute has brought no word of one', () => {
      expect(judged(59).state).toBe('progressing');
      expect(judged(60).state).toBe('hopeless');
    });

    it.each([
      said('NotTriggerScaleUp', 'max node group size reached', 2),
      said('FailedScheduling', 'no instance type is large enough', 2, 'karpenter'),
    ])('at once when none that could be added would take it: $reason', (event) => {
      expect(judged(0, event)).toMatchObject({
        state: 'hopeless',
        message: expect.stringContaining('none that could be added would: '),
        pod: 'web-2-x',
      });
    });

    it.each([
      said('TriggeredScaleUp', 'pod triggered scale-up: [{workers 1->2}]', 2),
      said('Nominated', 'Pod should schedule on: nodeclaim/default-x', 2, 'karpenter'),
    ])('not while one is on its way: $reason', (event) => {
      expect(judged(600, said('NotTriggerScaleUp', 'not yet', 1), event)).toMatchObject({
        state: 'progressing',
        message: `waits for a node that is on its way: ${(event as unknown as { message: string }).message}`,
      });
    });

    it('not by what passes, nor by what the scheduler says itself', () => {
      const passing = said('NotTriggerScaleUp', '1 in backoff after failed scale-up', 2);
      const own = said('FailedScheduling', '0/1 nodes are available', 3, 'default-scheduler');
      expect(judged(59, passing, own).state).toBe('progressing');
    });
  });

  it('at once when an admission policy refuses, and not for a minute when a webhook does not answer', () => {
    const refused = (message: string) => {
      const condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message };
      return observed([], { replicaSets: [{ ...replicaSets[1]!, status: { conditions: [condition] } }] });
    };
    const policy = `pods "web" is forbidden: ValidatingAdmissionPolicy 'no' with binding 'no' denied request: no`;
    expect(after(0, web(), refused(policy)).state).toBe('hopeless');
    expect(after(0, web(), refused('admission webhook "no" denied the request: no')).state).toBe('hopeless');
    const silent = refused('Internal error: failed calling webhook "no": connection refused');
    expect(after(59, web(), silent).state).toBe('progressing');
    expect(after(60, web(), silent).state).toBe('hopeless');
  });
});

describe('a probe that fails', () => {
  const said = (reason: string, message: string) =>
    object('Event', reason, {
      metadata: { creationTimestamp: '1970-01-01T00:00:00Z' },
      reason,
      message,
      involvedObject: { uid: 'Pod/web-2-x', fieldPath: 'spec.containers{web}' },
    });
  const startup = said('Unhealthy', 'Startup probe failed: connection refused');
  const readiness = said('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503\n');
  const ended = (exitCode: number, restartCount = 2) =>
    pod({ restartCount, ...waiting('CrashLoopBackOff'), lastState: { terminated: { exitCode } } });

  it.each([
    ['by its signal', 143, [startup]],
    ['well, after it was told to', 0, [startup]],
    [
      'often',
      143,
      [said('Unhealthy', '(combined from similar events): Startup probe failed: connection refused')],
    ],
    ['by itself, after it was told to', 1, [startup, said('Killing', 'Container web failed startup probe')]],
  ])('at the start is no crash: the container ended %s', (_title, exitCode, events) => {
    expect(after(0, web(), observed([ended(exitCode)], { events }))).toMatchObject({
      state: 'hopeless',
      message: 'killed 3 times by a probe (Startup probe failed: connection refused)',
    });
    expect(after(600, web(), observed([ended(exitCode, 1)], { events })).state).toBe('progressing');
  });

  it('is told in one line', () => {
    const events = [said('Unhealthy', `Startup probe failed: <html>\n${'x'.repeat(400)}`)];
    const { message } = after(0, web(), observed([ended(143)], { events }));
    expect(message).toMatch(/\(Startup probe failed: <html> x+…\)$/);
    expect(message.length).toBeLessThan(350);
  });

  it('whose program is not in the image gets a minute, and reads the same each time', () => {
    const errored = (id: string, prefix = '') =>
      said(
        'Unhealthy',
        `${prefix}Startup probe errored and resulted in unknown state: failed to start exec "${id.repeat(64)}": exec: "/bin/true": stat /bin/true: no such file or directory`,
      );
    const starting = pod({ state: { running: {} }, started: false, ready: false });
    const message =
      'Startup probe errored and resulted in unknown state: failed to start exec: exec: "/bin/true": stat /bin/true: no such file or directory';
    for (const event of [errored('a'), errored('b', '(combined from similar events): ')]) {
      const seen = observed([starting], { events: [event] });
      expect(after(59, web(), seen)).toMatchObject({ state: 'progressing', message });
      expect(after(60, web(), seen)).toMatchObject({ state: 'hopeless', message, pod: 'web-2-x' });
    }
  });

  it('is not blamed for what was a crash', () => {
    const crash = { state: 'hopeless', message: 'crashed 3 times (exit code 3)' };
    expect(after(0, web(), observed([ended(3)], { events: [startup] }))).toMatchObject(crash);
    const ready = { state: 'hopeless', message: 'crashed 3 times (exit code 137)' };
    expect(after(0, web(), observed([ended(137)], { events: [readiness] }))).toMatchObject(ready);
    const tooLate = said(
      'Unhealthy',
      'Startup probe errored and resulted in unknown state: container has exited',
    );
    const gone = { state: 'hopeless', message: 'crashed 3 times (exit code 0)' };
    expect(after(0, web(), observed([ended(0)], { events: [tooLate] }))).toMatchObject(gone);
  });

  describe('of readiness', () => {
    const unready = (started: boolean) =>
      pod({ state: { running: {} }, started, ready: false }, 'web-2', {
        conditions: [{ type: 'Ready', status: 'False' }],
      });
    const late = web({
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
    });
    const seen = (started: boolean) => observed([unready(started)], { events: [startup, readiness] });

    it('is told, and waited for', () => {
      expect(after(600, web(), seen(true))).toMatchObject({
        state: 'progressing',
        message:
          '0 of 1 pods have the new version; pod web-2-x is not ready: Readiness probe failed: HTTP probe failed with statuscode: 503',
        pod: 'web-2-x',
      });
    });

    it('is hopeless when the time that the Deployment gives itself is over, but for a pod that still starts', () => {
      expect(after(1, late, seen(true)).state).toBe('progressing');
      expect(after(2, late, seen(true))).toMatchObject({
        state: 'hopeless',
        message: expect.stringMatching(/^no progress for 600 s: .*Readiness probe failed: HTTP/),
        pod: 'web-2-x',
        container: 'web',
      });
      expect(after(600, late, seen(false)).state).toBe('progressing');
    });
  });
});

describe('there is hope', () => {
  it.each([
    ['after two crashes', { restartCount: 1, lastState: { terminated: { exitCode: 3 } }, ...waiting('') }],
    [
      'while the third run is made, and the node still says that it holds it back',
      {
        containerID: 'third',
        restartCount: 2,
        ...waiting('CrashLoopBackOff'),
        lastState: { terminated: { exitCode: 3, containerID: 'second' } },
      },
    ],
    ['after the third restart in months', crashed({ startedAt: '1970-01-01T00:00:00Z' })],
    ['after the third power cut', crashed({ reason: 'Unknown' })],
    ['while it starts', waiting('ContainerCreating')],
    ['while it runs and is not ready', { state: { running: {} }, ready: false }],
    ['when an init container has done its work', { state: { terminated: { exitCode: 0 } } }],
  ])('%s', (_title, container) => {
    expect(after(600, web(), observed([pod(container)])).state).toBe('progressing');
  });

  it('when what stood in the way has gone', () => {
    const seen: Seen = new Map();
    judge(web(), observed([pod(waiting('ErrImagePull', 'connection refused'))]), seen, 0);
    const running = observed([pod({ state: { running: {} } })]);
    expect(judge(web(), running, seen, 600_000).state).toBe('progressing');
  });
});

describe('a StatefulSet', () => {
  const store = object('StatefulSet', 'store', {
    spec: { replicas: 1 },
    status: { observedGeneration: 1, currentRevision: 'a', updateRevision: 'b' },
  });
  const old = (container: Fields) =>
    object('Pod', 'store-0', {
      metadata: { ...ownedBy('StatefulSet', 'store'), labels: { 'controller-revision-hash': 'a' } },
      status: { containerStatuses: [{ name: 'store', restartCount: 0, ...container }] },
    });

  it('is kept from its new version by an old pod that cannot run, and only by such a one', () => {
    const broken = old(waiting('ErrImagePull', 'not found'));
    expect(stuckPods(store, observed([broken]))).toEqual([broken.metadata.name]);
    expect(stuckPods(store, observed([old({ state: { running: {} }, ready: true })]))).toEqual([]);
  });
});
