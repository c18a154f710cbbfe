import { TestEnvironments } from './testing-environments';
import { testNamespace } from './testing-objects';

const environments = new TestEnvironments('expired');
const { target } = environments;
const day = 86_400_000;

afterAll(() => environments.end(), 60_000);

test('an environment expires by its namespace and newest record alone', async () => {
  const environment = environments.name('ttl');
  const other = environments.name('protected');
  const annotations = { 'berth.dev/ttl': '10d' };
  // Ten days: nobody who deletes what has expired finds it meanwhile.
  await target.prepare(environment, [testNamespace(environment, annotations)]);
  await target.prepare(other, [testNamespace(other, { ...annotations, 'berth.dev/protected': 'true' })]);
  const found = async (days: number) => {
    const all = await target.expired(new Date(Date.now() + days * day));
    return all.filter((one) => [environment, other].includes(one.environment));
  };
  expect(await found(9)).toEqual([]);
  expect(await found(11)).toEqual([{ environment, ttl: '10d', deployedAt: expect.any(String) }]);

  const times = { startedAt: new Date().toISOString(), finishedAt: new Date().toISOString() };
  const nothing = { images: {}, changes: [], set: '', objects: [] };
  await target.writeRecord(environment, { author: 'expired@test', outcome: 'failed', ...times, ...nothing });
  const { items } = await environments.client.list({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: environment,
    labelSelector: 'berth.dev/record=true',
  });
  expect(await found(11)).toMatchObject([{ deployedAt: items[0]?.metadata.creationTimestamp }]);
}, 60_000);
