import { resolve } from 'node:path';
import { deploy } from '@berth/deploy';
import { KubeClient } from '@berth/kube';
import { deploysOf, lastDeployOf } from './last-deploy';
import { recordLabel, recordType } from './names';
import { kubernetesOrchestrator } from './orchestrator';
import { testNamespace, testService } from './testing-objects';

const client = KubeClient.from({
  kubeconfig: resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig'),
  context: 'berth-local',
});
const target = kubernetesOrchestrator(client, { holder: 'records@test' });
const environment = `berth-test-records-${process.pid}`;
const objects = [testNamespace(environment), ...testService(environment, 'one', { behaviour: 'runs' })];

afterAll(async () => {
  await target.destroy(environment);
  client.close();
}, 60_000);

function deployNow(commit = '0123456789') {
  return deploy(target, {
    environment,
    render: () => objects,
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'records@test',
    commit,
  });
}

/** As another version of Berth would have left it. */
function leave(number: number, record: string): Promise<unknown> {
  return client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    type: recordType,
    metadata: {
      name: `berth-record-${number}`,
      namespace: environment,
      labels: { [recordLabel]: 'true' },
    },
    data: { record: Buffer.from(record).toString('base64') },
  });
}

test('records of other versions stop neither a deploy nor a status, and are numbered on', async () => {
  await target.prepare(environment, objects);
  // Before records had a format; one of the future; one that a full disk has cut.
  const old = { author: 'ana@laptop', outcome: 'succeeded', startedAt: '', finishedAt: '', images: {} };
  await leave(3, JSON.stringify({ ...old, changes: [], set: 'x' }));
  await leave(4, JSON.stringify({ format: 99, who: 'ana@laptop' }));
  await leave(5, '{"author": "ana@lap');
  const before = await target.records(environment);
  expect(before).toMatchObject([
    { number: 5, outcome: 'unreadable', failure: expect.stringContaining('It is damaged') },
    { number: 4, outcome: 'unreadable', failure: expect.stringContaining('format 99, from a newer Berth') },
    { number: 3, outcome: 'succeeded', author: 'ana@laptop' },
  ]);
  expect((await target.status(environment)).lastRecord).toMatchObject({ number: 5, outcome: 'unreadable' });

  expect((await deployNow()).record).toBe(6);
  expect((await target.records(environment))[0]).toMatchObject({ number: 6, outcome: 'succeeded' });
}, 120_000);

test('the namespace says what was deployed last, and that is no difference for the next deploy', async () => {
  const namespace = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment });
  expect(lastDeployOf(namespace!)).toEqual({
    number: 6,
    at: expect.stringMatching(/^20/),
    author: 'records@test',
    outcome: 'succeeded',
    commit: '0123456789',
  });
  // Record 5 and 4 cannot be read, and say nothing.
  expect(deploysOf(namespace!).map(({ number, author }) => [number, author])).toEqual([
    [6, 'records@test'],
    [3, 'ana@laptop'],
  ]);
  const { changes, record } = await deployNow();
  expect(changes.map(({ action }) => action)).toEqual(objects.map(() => 'same'));
  expect(record).toBeUndefined();
}, 60_000);
