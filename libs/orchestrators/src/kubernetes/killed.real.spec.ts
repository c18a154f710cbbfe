import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { leaseName } from './names';
import { kubernetesOrchestrator } from './orchestrator';
import { limitMs, TestEnvironments } from './testing-environments';
import { testNamespace } from './testing-objects';

jest.setTimeout(limitMs);

const environments = new TestEnvironments('x');
const { client, target } = environments;
const environment = environments.name('killed');
afterAll(() => environments.end(), limitMs);

const writing = ['apply', 'create', 'replace', 'patch', 'delete'] as const;
const reading = ['get', 'list', 'resource'] as const;
type Call = (...values: unknown[]) => Promise<unknown>;

/** A client whose process is killed before one of its writes: nothing comes of it any more. */
function dyingBefore(write: number, written: string[] = []): KubeClient {
  const dying = Object.create(client) as Record<string, Call>;
  let dead = false;
  const wrap = (name: string, isWrite: (values: unknown[]) => boolean) => {
    const real = (client as unknown as Record<string, Call>)[name]!.bind(client);
    dying[name] = async (...values) => {
      if (!dead && isWrite(values)) {
        dead = written.length + 1 === write;
        if (!dead) written.push(`${name} ${(values[0] as { kind: string }).kind}`);
      }
      if (dead) throw new Error('killed');
      return real(...values);
    };
  };
  dying['stoppedBy'] = (() => dying) as unknown as Call;
  for (const name of reading) wrap(name, () => false);
  for (const name of writing)
    wrap(name, ([object, options]) => {
      const { kind } = object as { kind: string };
      return kind !== 'SelfSubjectAccessReview' && !(options as { dryRun?: boolean } | undefined)?.dryRun;
    });
  return dying as unknown as KubeClient;
}

const settings = (name: string, value: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: environment },
  data: { value },
});
/** Whose role cannot be changed: it is made anew. */
const binding = (role: string): KubernetesObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'reader', namespace: environment },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
  subjects: [],
});
const before = [testNamespace(environment), settings('a', '1'), settings('old', '1'), binding('one')];
const after = [testNamespace(environment), settings('a', '2'), settings('new', '1'), binding('two')];

/** What there is of the environment, without what the server counts. */
async function state(): Promise<unknown[]> {
  const { inventory, live } = await target.observe(environment, []);
  const own = live.filter(({ kind, metadata }) =>
    inventory.some((object) => object.kind === kind && object.name === metadata.name),
  );
  return own.map(({ kind, metadata: { name }, data, roleRef }) => ({ kind, name, data, roleRef }));
}

test('a deploy that is killed before any of its writes is completed by the next one', async () => {
  await environments.deploy(environment, before);
  const writes: string[] = [];
  const rehearsal = kubernetesOrchestrator(dyingBefore(Infinity, writes));
  await environments.deploy(environment, after, {}, rehearsal);
  // The last one gives the lease back.
  expect(writes).toEqual(
    expect.arrayContaining([
      'delete RoleBinding',
      'apply RoleBinding',
      'delete ConfigMap',
      'create Secret',
      'delete Lease',
    ]),
  );
  const wanted = await state();
  for (let write = 1; write <= writes.length; write++) {
    await environments.deploy(environment, before);
    const known = (await target.records(environment))[0]?.number ?? 0;
    const dying = kubernetesOrchestrator(dyingBefore(write));
    await environments.deploy(environment, after, {}, dying).catch(() => undefined);
    // As if its time were over.
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      name: leaseName,
      namespace: environment,
    };
    await client.delete(lease);
    await environments.deploy(environment, after);
    expect({ write: writes[write - 1], state: await state() }).toEqual({
      write: writes[write - 1],
      state: wanted,
    });
    const [last, ...earlier] = await target.records(environment);
    expect(last).toMatchObject({ number: known + 1, outcome: 'succeeded' });
    expect(earlier[0]?.number).toBe(known);
  }
  expect((await environments.deploy(environment, after)).record).toBeUndefined();
});
