import { TestEnvironments } from './testing-environments';
import { testNamespace } from './testing-objects';

const environments = new TestEnvironments('expired');
const { target, client } = environments;
const day = 86_400_000;
// Ten days: nobody who deletes what has expired finds it meanwhile.
const annotations = { 'berth.dev/ttl': '10d' };
const environment = environments.name('ttl');
const other = environments.name('protected');
const inventory = { apiVersion: 'v1', kind: 'Secret', name: 'berth-inventory', namespace: environment };

afterAll(() => environments.end(), 60_000);

/** Of ours, what has expired so many days from now. */
async function found(days: number) {
  const all = await target.expired(new Date(Date.now() + days * day));
  return all.filter((one) => [environment, other].includes(one.environment));
}

test('an environment expires by its namespace, and by when it was deployed last', async () => {
  await target.prepare(environment, [testNamespace(environment, annotations)]);
  await target.prepare(other, [testNamespace(other, { ...annotations, 'berth.dev/protected': 'true' })]);
  expect(await found(9)).toEqual([]);
  expect(await found(11)).toEqual([{ environment, ttl: '10d', deployedAt: expect.any(String) }]);

  await environments.deploy(environment, [testNamespace(environment, annotations)]);
  const noted = (await client.get(inventory))?.metadata.annotations?.['berth.dev/deployed-at'];
  expect(await found(11)).toMatchObject([{ deployedAt: noted }]);
}, 60_000);

test('of one that an older Berth has deployed, the newest record counts', async () => {
  await client.patch(inventory, { metadata: { annotations: { 'berth.dev/deployed-at': null } } });
  const { items } = await client.list({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: environment,
    labelSelector: 'berth.dev/record=true',
  });
  expect(await found(11)).toMatchObject([{ deployedAt: items[0]?.metadata.creationTimestamp }]);
});

test('what was deployed again before it is deleted stays', async () => {
  expect(await target.destroy(environment, { onlyIf: async () => false })).toBe(false);
  expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment })).toBeDefined();
});
