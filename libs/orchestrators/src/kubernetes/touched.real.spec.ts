import type { KubernetesObject } from '@berth/manifests';
import { KubeClient, readKubeconfig } from '@berth/kube';
import { FaultyApiServer } from '@berth/kube/src/testing-api-server';
import { kubernetesOrchestrator } from './orchestrator';
import { limitMs, TestEnvironments } from './testing-environments';
import { testNamespace, testService } from './testing-objects';

jest.setTimeout(limitMs);

const environments = new TestEnvironments('t');
const names = Array.from({ length: 50 }, (_, index) => `service-${index}`);

/** It answers all that it is asked for, and knows what that was. */
const server = new FaultyApiServer(readKubeconfig(environments.access));
const client = new KubeClient({
  server: server.address,
  description: 'a server that counts',
  kubectl: 'kubectl',
});
const target = kubernetesOrchestrator(client);
beforeAll(() => server.listen());
afterAll(async () => {
  client.close();
  await server.close();
  await environments.end();
}, limitMs);

/** Fifty services without a pod, and each with one object: to ask for them is what this is about. */
function fifty(environment: string, changed = ''): KubernetesObject[] {
  const deployments = names
    .flatMap((name) =>
      testService(environment, name, { behaviour: 'runs', version: name === changed ? '2' : '1' }),
    )
    .filter(({ kind }) => kind === 'Deployment');
  for (const { spec } of deployments) (spec as { replicas: number }).replicas = 0;
  return [testNamespace(environment), ...deployments];
}

/** What the API server was asked for by a deploy, as `PATCH /apis/…`. */
async function requestsOf(environment: string, changed?: string): Promise<string[]> {
  server.asked = [];
  await environments.deploy(environment, fifty(environment, changed), {}, target);
  return server.asked.map((what) => {
    const [method, address = ''] = what.split(' ');
    const { pathname, searchParams } = new URL(address, server.address);
    return `${method} ${pathname}${searchParams.has('dryRun') ? ' (dry run)' : ''}`;
  });
}

test('one changed service of fifty costs one, and none nothing', async () => {
  const environment = environments.name('fifty');
  const first = await requestsOf(environment);
  const applied = `/apis/apps/v1/namespaces/${environment}/deployments`;
  const made = first.findIndex((request) => request.startsWith('POST ') && request.endsWith('/leases'));
  const begun = first.findIndex((request) => request === `PATCH ${applied}/service-0`);
  expect([made >= 0, begun > made]).toEqual([true, true]);
  // There is nothing yet in the namespace that it has made.
  expect(first.slice(made, begun)).not.toContain(`GET ${applied}`);

  const idle = await requestsOf(environment);
  expect(idle.filter((request) => !request.startsWith('GET '))).toEqual([]);
  // Lists of each kind, and the watches until all is healthy.
  expect(idle.length).toBeLessThan(20);
  // They would say why something is not healthy.
  expect(idle.filter((request) => request.endsWith('/events'))).toEqual([]);

  const one = await requestsOf(environment, 'service-7');
  const deployment = `/apis/apps/v1/namespaces/${environment}/deployments/service-7`;
  const patches = one.filter((request) => request.startsWith('PATCH '));
  // Before the lease, and then in earnest; the inventory notes the time, the namespace all else.
  expect(patches).toEqual([
    `PATCH ${deployment} (dry run)`,
    `PATCH ${deployment}`,
    `PATCH /api/v1/namespaces/${environment}/secrets/berth-inventory`,
    `PATCH /api/v1/namespaces/${environment}`,
  ]);
  const others = one.filter(
    (request) => /^(POST|PUT|DELETE) /.test(request) && !request.includes('selfsubject'),
  );
  expect(others.map((request) => request.replace(/\/api.*\//, ''))).toEqual([
    'POST leases',
    'POST secrets',
    'DELETE berth-deploy',
  ]);
});
