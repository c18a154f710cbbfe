import type { DeployEvent, DeployStep } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { KubeClient, readKubeconfig, type LiveObject } from '@berth/kube';
import { FaultyApiServer, type Fate } from '@berth/kube/src/testing-api-server';
import type { ServerResponse } from 'node:http';
import { leaseName } from './names';
import { kubernetesOrchestrator } from './orchestrator';
import { limitMs, TestEnvironments } from './testing-environments';
import { oneService } from './testing-objects';

jest.setTimeout(limitMs);

const environments = new TestEnvironments('f');
const { client } = environments;
const servers: FaultyApiServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await environments.end();
}, limitMs);

/** A way to the real API server that fails as it is told to, and what deploys through it. */
async function faulty(patienceMs = 20_000) {
  const server = new FaultyApiServer(readKubeconfig(environments.access));
  servers.push(server);
  await server.listen();
  const told: string[] = [];
  const through = new KubeClient({
    server: server.address,
    description: 'a server that fails',
    kubectl: 'kubectl',
    patienceMs,
    onRetry: (line) => told.push(line),
  });
  return { server, told, through, target: kubernetesOrchestrator(through) };
}

/** Two versions of one environment. From one to the other a deploy creates, changes, makes anew and prunes. */
function versions(
  environment: string,
  replicas: number,
): [before: KubernetesObject[], after: KubernetesObject[]] {
  const settings = (name: string, value: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: environment },
    data: { value },
  });
  // Whose role cannot be changed.
  const binding = (role: string): KubernetesObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'reader', namespace: environment },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
    subjects: [],
  });
  const service = (version: string) =>
    oneService(environment, {
      container: { env: [{ name: 'VERSION', value: version }] },
      deployment: { replicas },
    });
  return [
    [...service('1'), settings('a', '1'), settings('old', '1'), binding('one')],
    [...service('2'), settings('a', '2'), settings('new', '1'), binding('two')],
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
      server.fault = next([denied, (response) => response.writeHead(401).end('{}')]);
      return server.listen();
    };
    // In one step for longer than the tries that a server gets which has never answered.
    void server.close().then(() => setTimeout(() => void upAgain(), step === 'apply' ? 4_000 : 300));
  },
  'is overloaded': ({ server }) => {
    const busy = (seconds: string) => (response: ServerResponse) =>
      response.writeHead(429, { 'retry-after': seconds }).end('{}');
    server.fault = next([busy('1'), busy('0'), busy('0')]);
  },
  'has lost its etcd, and its load balancer has lost it': ({ server }) => {
    const status = (code: number, message: string) => (response: ServerResponse) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
    const page = (response: ServerResponse) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
    server.fault = next([
      status(500, 'etcdserver: leader changed'),
      page,
      status(503, 'apiserver not ready'),
      status(504, 'etcdserver: request timed out'),
    ]);
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
  const message = 'User "ci" cannot do this: clusterrole.rbac.authorization.k8s.io "edit" not found';
  response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
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
      through.through.close();
    },
  );
});

describe('an API server that goes for good', () => {
  // Before the lease nothing is written in one step as in another.
  const chosen = steps.filter((step) => step !== 'observe' && step !== 'preflight');

  test.concurrent.each(chosen)(
    'in the middle of the step %s: it is said what to do, and the next deploy converges',
    async (step) => {
      const environment = environments.name(`gone-${step}`);
      const [before, after] = versions(environment, 0);
      await environments.deploy(environment, before);
      const { server, through, target } = await faulty(200);
      const onEvent = inTheMiddle([step], () => void server.close());
      const deploying = environments.deploy(environment, after, { onEvent, timeoutMs: 1_000 }, target);
      await expect(deploying).rejects.toMatchObject({
        message: expect.stringContaining('the API server does not answer'),
        hint: expect.stringMatching(/kubectl get [^]*same command again|kubectl get nodes; .* nx create/),
      });
      through.close();
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
