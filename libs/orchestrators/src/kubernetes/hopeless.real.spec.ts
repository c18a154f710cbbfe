import type { KubernetesObject } from '@berth/manifests';
import type { LiveObject } from '@berth/kube';
import { failureOf, limitMs, TestEnvironments } from './testing-environments';
import { oneService, testNamespace, testService } from './testing-objects';
import { refusalText, refusingPolicy, refusingWebhook, whileRefused } from './testing-refusal';
import { LateRegistry } from './testing-registry';
import { until } from './until';

jest.setTimeout(limitMs);

const environments = new TestEnvironments('h');
const { client, target } = environments;
afterAll(() => environments.end(), limitMs);

/** Deploys what cannot run. @returns its error, and when it came by the server's clock */
async function hopeless(
  environment: string,
  objects: KubernetesObject[],
  to = target,
): Promise<{ message: string; ended: number }> {
  const { message } = await failureOf(environments.deploy(environment, objects, {}, to));
  return { message, ended: client.now().getTime() };
}

/** Milliseconds since 1970 of the first event of that reason. */
async function firstEvent(environment: string, reason: string): Promise<number> {
  const events = (await client.events(environment)) as (LiveObject & {
    reason?: string;
    firstTimestamp?: string;
    eventTime?: string;
  })[];
  const times = events
    .filter((event) => event.reason === reason)
    .map(({ firstTimestamp, eventTime }) => Date.parse(firstTimestamp ?? eventTime ?? ''));
  expect(times).not.toEqual([]);
  return Math.min(...times);
}

async function onePod(environment: string): Promise<LiveObject | undefined> {
  return (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace: environment })).items[0];
}

/** When the container's last run ended. */
async function lastEnd(environment: string): Promise<number> {
  const { containerStatuses = [] } = (await onePod(environment))?.status as {
    containerStatuses?: Record<'state' | 'lastState', { terminated?: { finishedAt: string } }>[];
  };
  const [status] = containerStatuses;
  const ended = status?.state.terminated ?? status?.lastState.terminated;
  return Date.parse(ended?.finishedAt ?? '');
}

/** A probe of the shell that the image has. */
const probe = (script: string, failureThreshold: number) => ({
  exec: { command: ['/bin/sh', '-c', script] },
  periodSeconds: 1,
  failureThreshold,
});
/** Runs until it is killed; the image has no `sleep`. In a command, Kubernetes makes one `$` of two. */
const runs = (line: string) => ({
  command: ['/bin/sh', '-c', `echo ${line}; sh -c 'kill -STOP $$$$' & wait`],
});

/** The first pod of an environment's Deployment, as its controller would make it. */
function firstPod(objects: readonly KubernetesObject[]): KubernetesObject {
  const { metadata, spec } = objects.find(({ kind }) => kind === 'Deployment')!;
  const { template } = spec as { template: { spec: object } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { ...template.spec, serviceAccountName: 'default' },
  };
}

/** What refuses comes into force a moment after it was written. */
async function untilRefused(object: KubernetesObject): Promise<void> {
  const refused = await until(async () => {
    const answer = await client.create(object, { dryRun: true }).then(
      () => '',
      (error: Error) => error.message,
    );
    return answer.includes(refusalText);
  }, 30_000);
  expect(refused).toBe(true);
}

// All at once, those that take long first: a deploy that fails must end within five seconds of the first sign of it.

test.concurrent('a pod that crashes, measured from the end of its third run', async () => {
  const environment = environments.name('crash');
  const { message, ended } = await hopeless(environment, oneService(environment, {}, 'crashes'));
  expect(message).toMatch(/one cannot run: crashed 3 times \(exit code 3/);
  expect(message).toMatch(/the store is shut/);
  expect(ended - (await lastEnd(environment))).toBeLessThan(5_000);
});

test.concurrent(
  'a startup probe that fails, measured from the last time that its container was killed for it',
  async () => {
    const environment = environments.name('startup');
    const container = {
      ...runs('still warming up'),
      startupProbe: probe('echo no instruments yet; exit 1', 2),
    };
    const { message, ended } = await hopeless(environment, oneService(environment, { container }, 'crashes'));
    // On a busy machine a run lasts longer than the pause before the next: then the third end may never be seen.
    expect(message).toMatch(
      /one cannot run: killed [34] times by a probe \(Startup probe failed: no instruments yet\)\n {2}pod: one-.*, container one\n/,
    );
    expect(message).toMatch(/last log lines:\n {4}still warming up/);
    expect(ended - (await lastEnd(environment))).toBeLessThan(5_000);
  },
);

test.concurrent('a start of 20 seconds is waited for: its startup probe allows 30', async () => {
  const environment = environments.name('slow');
  const age =
    'read stat </proc/1/stat; set -- $stat; read up idle </proc/uptime; age=$((${up%.*} - ${22} / 100))';
  const startupProbe = probe(`${age}; echo only $age s old; test $age -ge 20`, 30);
  const container = { ...runs('starting'), startupProbe, readinessProbe: probe('exit 0', 1) };
  const start = Date.now();
  expect(
    await environments.deploy(environment, oneService(environment, { container }, 'crashes')),
  ).toMatchObject({
    record: 1,
  });
  expect(Date.now() - start).toBeGreaterThan(19_000);
});

test.concurrent('a registry that is away is waited for', async () => {
  const environment = environments.name('registry');
  const registry = new LateRegistry();
  const container = { image: `${registry.name}/pause:3.10.1`, imagePullPolicy: 'Always' };
  const deploying = environments.deploy(environment, oneService(environment, { container }));
  // Should it fail before it is waited for.
  deploying.catch(() => undefined);
  try {
    const failed = await until(async () => {
      const { containerStatuses = [] } = ((await onePod(environment))?.status ?? {}) as {
        containerStatuses?: { state: { waiting?: { reason: string; message?: string } } }[];
      };
      const { reason = '', message = '' } = containerStatuses[0]?.state.waiting ?? {};
      return reason.includes('ImagePull') && message.includes('connection refused');
    }, 30_000);
    expect(failed).toBe(true);
    await registry.open();
    expect(await deploying).toMatchObject({ record: 1 });
  } finally {
    registry.close();
  }
});

test.concurrent(
  'a readiness probe that fails, measured from the end of the time that its Deployment gives itself',
  async () => {
    const environment = environments.name('readiness');
    const container = {
      ...runs('waiting for prices'),
      readinessProbe: probe('echo no prices yet; exit 1', 1),
    };
    const objects = oneService(
      environment,
      { container, deployment: { progressDeadlineSeconds: 8 } },
      'crashes',
    );
    const { message, ended } = await hopeless(environment, objects);
    expect(message).toMatch(
      /one cannot run: no progress for 8 s: .*pod one-\S+ is not ready: Readiness probe failed: no prices yet\n {2}pod: one-/,
    );
    expect(message).toMatch(/last log lines:\n {4}waiting for prices/);
    const deployment = await client.get({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'one',
      namespace: environment,
    });
    const { conditions } = deployment?.status as { conditions: { reason: string; lastUpdateTime: string }[] };
    const over = conditions.find(({ reason }) => reason === 'ProgressDeadlineExceeded');
    expect(ended - Date.parse(over?.lastUpdateTime ?? '')).toBeLessThan(5_000);
  },
);

/** A target without preflight: what it would have found comes into being just after it has looked. */
const careless = Object.assign(Object.create(target) as typeof target, { problems: async () => [] });

test.concurrent('pods that Pod Security would refuse, before there is one', async () => {
  const environment = environments.name('security');
  const objects = oneService(environment, { pod: { securityContext: {} } });
  const { message } = await hopeless(environment, objects);
  expect(message).toMatch(
    /- deployment\/one: its pods would be refused, it would violate PodSecurity "restricted:latest": .*runAsNonRoot != true/,
  );
  const { exists, inventory } = await target.observe(environment, objects);
  expect({ exists, inventory }).toEqual({ exists: true, inventory: [] });
});

test.concurrent('a quota that has no room, before anything is made and when it comes later', async () => {
  const environment = environments.name('quota');
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'none', namespace: environment },
    spec: { hard: { pods: '0' } },
  };
  const objects = [...oneService(environment, {}), quota];
  const early = await hopeless(environment, objects);
  expect(early.message).toContain(
    '- resourcequota/none allows pods 0; 0 is used and the deploy needs 1 more.',
  );
  expect((await target.observe(environment, objects)).exists).toBe(false);
  const { message, ended } = await hopeless(environment, objects, careless);
  expect(message).toMatch(/^\S+: one cannot run: pods cannot be created: .*exceeded quota/);
  expect(message).toMatch(/\n {2}event: FailedCreate/);
  expect(ended - (await firstEvent(environment, 'FailedCreate'))).toBeLessThan(5_000);
});

test.concurrent.each([
  { by: 'webhook', refusing: refusingWebhook },
  { by: 'policy', refusing: refusingPolicy },
])('a pod that an admission $by refuses', async ({ by, refusing }) => {
  const environment = environments.name(by);
  const objects = oneService(environment, {});
  await target.prepare(environment, objects);
  await whileRefused(client, await refusing(environment, 'pods'), async () => {
    await untilRefused(firstPod(objects));
    const { message, ended } = await hopeless(environment, objects);
    expect(message).toMatch(/^\S+: one cannot run: pods cannot be created: .*the harbour is closed/);
    expect(message).toMatch(/\n {2}event: FailedCreate/);
    expect(ended - (await firstEvent(environment, 'FailedCreate'))).toBeLessThan(5_000);
  });
});

test.concurrent('a Deployment that is refused, before anything is changed', async () => {
  const environment = environments.name('deployment');
  const objects = oneService(environment, {});
  await target.prepare(environment, objects);
  await whileRefused(client, refusingPolicy(environment, 'deployments'), async () => {
    await untilRefused(objects.find(({ kind }) => kind === 'Deployment')!);
    const { message } = await hopeless(environment, objects);
    expect(message).toMatch(/- deployment\/one: .*: the harbour is closed/);
    expect((await target.observe(environment, objects)).inventory).toEqual([]);
  });
});

test.concurrent.each([
  {
    title: 'a pod with more requests than any node has',
    changes: { container: { resources: { requests: { cpu: '4000' } } } },
    cause: /Insufficient cpu.* \(its requests are more than any node has\)/,
  },
  {
    title: 'a pod for nodes that are not there',
    changes: { pod: { nodeSelector: { 'berth.dev/disk': 'tape' } } },
    cause: /node affinity\/selector.* \(no node has the labels berth\.dev\/disk=tape\)/,
  },
])('$title', async ({ changes, cause }) => {
  const environment = environments.name(changes.pod ? 'selector' : 'requests');
  const { message, ended } = await hopeless(environment, oneService(environment, changes));
  const [heading, pod, event] = message.split('\n');
  expect(heading).toMatch(/: one cannot run: no node takes it: 0\/\d+ nodes are available/);
  expect(heading).toMatch(cause);
  expect(pod).toMatch(/^ {2}pod: one-/);
  expect(event).toMatch(/^ {2}event: FailedScheduling/);
  expect(ended - (await firstEvent(environment, 'FailedScheduling'))).toBeLessThan(5_000);
});

test.concurrent('a StatefulSet whose first pod is broken gets its next version all the same', async () => {
  const environment = environments.name('stateful');
  const objects = (behaviour: 'runs' | 'image-missing') =>
    oneService(environment, {}, behaviour).map((object) => {
      if (object.kind !== 'Deployment') return object;
      // In order, as Kubernetes' own default is: the second pod waits for the first.
      return { ...object, kind: 'StatefulSet', spec: { ...(object.spec as object), replicas: 2 } };
    });
  const { message } = await hopeless(environment, objects('image-missing'));
  expect(message).toMatch(/one cannot run: (ErrImagePull|ImagePullBackOff): [^]*pod: one-0, container one/);
  expect(await environments.deploy(environment, objects('runs'))).toMatchObject({ record: 2 });
});

test.concurrent('a pod without its secret, gone after the deploy had looked for it', async () => {
  const environment = environments.name('secret');
  const objects = [
    testNamespace(environment),
    ...testService(environment, 'one', { behaviour: 'runs', secret: 'PASSWORD' }),
  ];
  const { message, ended } = await hopeless(environment, objects, careless);
  expect(message).toMatch(/one cannot run: CreateContainerConfigError: secret "berth-secrets" not found/);
  expect(message).toMatch(/\n {2}pod: one-/);
  expect(ended - (await firstEvent(environment, 'Failed'))).toBeLessThan(5_000);
});
