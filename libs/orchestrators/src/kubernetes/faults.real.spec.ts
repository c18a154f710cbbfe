import type { ServerResponse } from 'node:http';
import type { DeployEvent, DeployStep } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { KubeClient, readKubeconfig, type LiveObject } from '@berth/kube';
import { FaultyApiServer, newSecure, type Fate, type Secure } from '@berth/kube/src/testing-api-server';
import { leaseName } from './names';
import { kubernetesOrchestrator } from './orchestrator';
import { failureOf, limitMs, TestEnvironments } from './testing-environments';
import { boundTo, oneService, settings } from './testing-objects';
import { absentWebhook, whileRefused } from './testing-refusal';
import { until } from './until';

jest.setTimeout(limitMs);

const environments = new TestEnvironments('f');
const { client } = environments;
const open: { close(): unknown }[] = [];
let secure: Secure;
beforeAll(async () => void (secure = await newSecure()));
afterAll(async () => {
  for (const each of open) await each.close();
  await environments.end();
}, limitMs);

/** A way to the real API server that fails as it is told to, and what deploys through it. */
async function faulty(patienceMs = 20_000) {
  const server = new FaultyApiServer(readKubeconfig(environments.access), secure);
  await server.listen();
  const through = new KubeClient({
    server: server.address,
    insecure: true,
    description: 'a server that fails',
    kubectl: 'kubectl',
    patienceMs,
  });
  open.push(through, server);
  return { server, target: kubernetesOrchestrator(through) };
}

/**
 * Two versions of one environment. From one to the other a deploy creates, changes, makes anew and prunes.
 * @param replicas of the second; the first has no pod
 */
function versions(
  environment: string,
  replicas = 0,
): [before: KubernetesObject[], after: KubernetesObject[]] {
  const service = (version: string, deployment: Record<string, unknown>) =>
    oneService(environment, {
      container: { env: [{ name: 'VERSION', value: version }] },
      deployment,
    });
  return [
    [
      ...service('1', { replicas: 0 }),
      settings(environment, 'a', '1'),
      settings(environment, 'old', '1'),
      boundTo(environment, 'one'),
    ],
    [
      ...service('2', { replicas }),
      settings(environment, 'a', '2'),
      settings(environment, 'new', '1'),
      boundTo(environment, 'two'),
    ],
  ];
}

/** What there is of the environment, as far as a deploy asks for it. */
async function state(environment: string): Promise<{ kind: string; name: string }[]> {
  const { inventory, live } = await environments.target.observe(environment, []);
  const own = live.filter(({ kind, metadata }) =>
    inventory.some((object) => object.kind === kind && object.name === metadata.name),
  );
  const states = own.map((object) => {
    const { kind, metadata, data, roleRef, spec } = object as LiveObject & { roleRef?: unknown };
    const { containers } =
      (spec as { template?: { spec: { containers: { env: unknown }[] } } })?.template?.spec ?? {};
    return { kind, name: metadata.name, data, roleRef, env: containers?.[0]?.env };
  });
  return states.sort((one, other) => (`${one.kind}/${one.name}` < `${other.kind}/${other.name}` ? -1 : 1));
}

const outcomes = async (environment: string) =>
  (await environments.target.records(environment)).map(({ number, outcome }) => `${number} ${outcome}`);

const lease = (environment: string) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  name: leaseName,
  namespace: environment,
});

/** The steps that ask the API server, each with the event of a deploy at which it is in its middle. */
const middles: Partial<Record<DeployStep, (event: DeployEvent) => boolean>> = {
  observe: isStart('observe'),
  plan: isStart('plan'),
  preflight: isStart('preflight'),
  lease: isStart('lease'),
  apply: ({ kind }) => kind === 'applied',
  healthy: ({ kind }) => kind === 'health',
  prune: isStart('prune'),
  record: isStart('record'),
};
const steps = Object.keys(middles) as DeployStep[];

function isStart(step: DeployStep): (event: DeployEvent) => boolean {
  return (event) => event.kind === 'step' && event.step === step && event.state === 'started';
}

/** Does something once in the middle of each of these steps. */
function inTheMiddle(
  of: readonly DeployStep[],
  act: (step: DeployStep) => void,
): (event: DeployEvent) => void {
  const left = new Set(of);
  return (event) => {
    for (const step of left) {
      if (!middles[step]?.(event)) continue;
      left.delete(step);
      act(step);
    }
  };
}

type Faulty = Awaited<ReturnType<typeof faulty>>;

/** Each lets the next requests of a step fail. */
const faults: Record<string, (faulty: Faulty, step: DeployStep) => void> = {
  // Connections are cut and refused; then it answers, and has not read yet who may do what.
  'is restarted': ({ server }, step) => {
    const upAgain = () => {
      server.fault = step === 'apply' ? next([denied, status(401, 'Unauthorized')]) : undefined;
      return server.listen();
    };
    // In one step for longer than the tries that a server gets which has never answered.
    void server.close().then(() => setTimeout(() => void upAgain(), step === 'apply' ? 3_000 : 150));
  },
  'is overloaded': ({ server }, step) => {
    const busy = (response: ServerResponse) =>
      response.writeHead(429, { 'retry-after': step === 'lease' ? '1' : '0' }).end('{}');
    server.fault = next([busy, busy]);
  },
  'has lost its etcd, or its load balancer has lost it': ({ server }, step) => {
    const page = (response: ServerResponse) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
    const [lost, late] = [
      status(500, 'etcdserver: leader changed'),
      status(504, 'etcdserver: request timed out'),
    ];
    server.fault = next(
      steps.indexOf(step) % 2 === 0 ? [lost, page] : [status(503, 'apiserver not ready'), late],
    );
  },
  'does what it is asked for, and its answer is lost': ({ server }) => {
    const unheard = new Set<string>();
    server.fault = (_, { what }) => {
      const first = !what.startsWith('GET') && !unheard.has(what);
      unheard.add(what);
      return first ? 'done unheard' : 'answered by the server';
    };
  },
};

/** Answers the next requests so, and lets the server answer from then on. */
function next(answers: ((response: ServerResponse) => void)[]): FaultyApiServer['fault'] {
  return (response): Fate => {
    const answer = answers.shift();
    answer?.(response);
    return answer ? 'answered' : 'answered by the server';
  };
}

function denied(response: ServerResponse): void {
  status(403, 'User "ci" cannot do this: clusterrole.rbac.authorization.k8s.io "edit" not found')(response);
}

function status(code: number, message: string): (response: ServerResponse) => void {
  return (response) =>
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}

describe('an API server that in the middle of every step', () => {
  test.concurrent.each(Object.entries(faults))(
    '%s: the deploy goes on, and is recorded once',
    async (title, fault) => {
      const environment = environments.name(`step${Object.keys(faults).indexOf(title)}`);
      const [before, after] = versions(environment, 1);
      const through = await faulty();
      const met: DeployStep[] = [];
      const onEvent = inTheMiddle(steps, (step) => {
        met.push(step);
        fault(through, step);
      });
      await environments.deploy(environment, before, {}, through.target);
      const { record } = await environments.deploy(environment, after, { onEvent }, through.target);
      expect(record).toBe(2);
      expect(met).toEqual(steps);
      expect(await outcomes(environment)).toEqual(['2 succeeded', '1 succeeded']);
      expect(await client.get(lease(environment))).toBeUndefined();
      const there = await state(environment);
      expect((await environments.deploy(environment, after)).record).toBeUndefined();
      expect(await state(environment)).toEqual(there);
      expect(await environments.target.status(environment)).toMatchObject({
        services: [{ name: 'one', health: { state: 'healthy' } }],
      });
    },
  );
});

describe('an API server that goes for good', () => {
  // Before the lease nothing is written, and to prune is like to apply.
  const chosen = ['lease', 'apply', 'healthy', 'record'] as const;

  test.concurrent.each(chosen)(
    'in the middle of the step %s: it is said what to do, and the next deploy converges',
    async (step) => {
      const environment = environments.name(`gone-${step}`);
      const [before, after] = versions(environment);
      await environments.deploy(environment, before);
      const { server, target } = await faulty(200);
      const onEvent = inTheMiddle([step], () => void server.close());
      const deploying = environments.deploy(environment, after, { onEvent, timeoutMs: 1_000 }, target);
      expect((await failureOf(deploying)).message).toContain('the API server does not answer');
      // As if its time were over.
      await client.delete(lease(environment));
      await environments.deploy(environment, after);
      expect(await outcomes(environment)).toEqual(['2 succeeded', '1 succeeded']);
      const there = await state(environment);
      expect(there.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
        'ConfigMap/a',
        'ConfigMap/new',
        'Deployment/one',
        'RoleBinding/reader',
        'Service/one',
        'ServiceAccount/one',
      ]);
      expect(there).toMatchObject([
        { data: { value: '2' } },
        {},
        { env: [{ value: '2' }] },
        { roleRef: { name: 'two' } },
        {},
        {},
      ]);
    },
  );
});

test.concurrent(
  'twenty environments at once, each by a process of its own as it were: none touches another',
  async () => {
    const names = Array.from({ length: 20 }, (_, index) => environments.name(`many${index}`));
    const outcome = await Promise.all(
      names.map(async (environment, index) => {
        const own = KubeClient.from(environments.access);
        // In every fifth runs a pod: it is the API server that is to have much to do, not the node.
        const objects = oneService(environment, { deployment: { replicas: index % 5 === 0 ? 1 : 0 } });
        const { record } = await environments.deploy(environment, objects, {}, kubernetesOrchestrator(own));
        own.close();
        return record;
      }),
    );
    expect(outcome).toEqual(names.map(() => 1));
    const statuses = await environments.target.statuses(names);
    expect(statuses).toEqual(
      names.map((environment) => ({
        status: 'fulfilled',
        value: expect.objectContaining({
          environment,
          services: [
            expect.objectContaining({ name: 'one', health: expect.objectContaining({ state: 'healthy' }) }),
          ],
          lastRecord: expect.objectContaining({ number: 1, outcome: 'succeeded' }),
        }),
      })),
    );
  },
);

test.concurrent(
  'an admission webhook that does not answer: nothing is changed, and it is named',
  async () => {
    const environment = environments.name('away');
    const [before, after] = versions(environment);
    await environments.deploy(environment, before);
    const there = await state(environment);
    await whileRefused(client, absentWebhook(environment, 'deployments'), async () => {
      const deployment = after.find(({ kind }) => kind === 'Deployment')!;
      const isAsked = () =>
        client.apply(deployment, { fieldManager: 'berth-test', dryRun: true, force: true }).then(
          () => false,
          (error: Error) => error.message.includes('calling webhook'),
        );
      expect(await until(isAsked, 30_000)).toBe(true);
      const { message, hint } = await failureOf(environments.deploy(environment, after));
      expect(message).toMatch(/failed calling webhook "refuses\.berth\.dev": [^]*connection refused/);
      expect(hint).toContain('get validatingwebhookconfigurations');
    });
    expect(await state(environment)).toEqual(there);
    expect(await outcomes(environment)).toEqual(['1 succeeded']);
    expect(await client.get(lease(environment))).toBeUndefined();
  },
);
