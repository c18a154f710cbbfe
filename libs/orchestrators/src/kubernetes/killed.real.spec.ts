import type { DeployEvent, DeployRequest } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';
import { leaseName } from './names';
import { kubernetesOrchestrator } from './orchestrator';
import { limitMs, TestEnvironments } from './testing-environments';
import { boundTo, settings, testNamespace } from './testing-objects';

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

const before = [
  testNamespace(environment),
  settings(environment, 'a', '1'),
  settings(environment, 'old', '1'),
  boundTo(environment, 'one'),
];
const after = [
  testNamespace(environment),
  settings(environment, 'a', '2'),
  settings(environment, 'new', '1'),
  boundTo(environment, 'two'),
];

/** What there is of the environment, without what the server counts. */
async function state(): Promise<unknown[]> {
  const { inventory, live } = await target.observe(environment, []);
  const own = live.filter(({ kind, metadata }) =>
    inventory.some((object) => object.kind === kind && object.name === metadata.name),
  );
  return own.map(({ kind, metadata: { name }, data, roleRef }) => ({ kind, name, data, roleRef }));
}

/** As if the time of a dead holder were over. */
const freeLease = () =>
  client.delete({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    name: leaseName,
    namespace: environment,
  });

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
    await freeLease();
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

test('a deploy that fails and is killed, or interrupted, on its way back is brought back by the next one', async () => {
  await environments.deploy(environment, before);
  const wanted = await state();
  /** Says of what comes after that it cannot run. */
  const failing = (through: KubeClient) => {
    const real = kubernetesOrchestrator(through);
    return Object.assign(Object.create(real) as typeof real, {
      watch: async (_: string, objects: readonly KubernetesObject[]) => {
        if (objects === after) throw new UserError('new cannot run', 'kubectl');
      },
    });
  };
  const deployBroken = (through: KubeClient, options: Partial<DeployRequest> = {}) =>
    environments.deploy(environment, after, options, failing(through)).then(
      () => '',
      ({ message }: Error) => message,
    );
  const writes: string[] = [];
  let back = 0;
  const onEvent = ({ kind }: DeployEvent) => {
    if (kind === 'bringing back') back = writes.length + 1;
  };
  expect(await deployBroken(dyingBefore(Infinity, writes), { onEvent })).toContain(
    'was brought back to record',
  );
  expect(await state()).toEqual(wanted);

  const interruption = new AbortController();
  const interrupted = {
    onEvent: ({ kind }: DeployEvent) => {
      if (kind === 'bringing back') interruption.abort(new Error('enough'));
    },
    signal: interruption.signal,
  };
  const deaths = writes.slice(back - 1).map((what, index) => ({ what, diesAt: back + index, options: {} }));
  expect(deaths.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['delete RoleBinding', 'delete ConfigMap', 'create Secret', 'delete Lease']),
  );
  for (const { what, diesAt, options } of [
    ...deaths,
    { what: 'Ctrl-C', diesAt: Infinity, options: interrupted },
  ]) {
    expect(await deployBroken(dyingBefore(diesAt), options)).toContain('new cannot run');
    await freeLease();
    await environments.deploy(environment, before);
    expect({ what, state: await state() }).toEqual({ what, state: wanted });
    const [last] = await target.records(environment);
    expect(last).toMatchObject({ outcome: 'succeeded' });
  }
});
