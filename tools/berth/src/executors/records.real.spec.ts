import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setDigest, type NewRecord } from '@berth/deploy';
import { KubeClient } from '@berth/kube';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import deploy from './deploy/executor';
import history from './history/executor';
import rollback, { type RollbackOptions } from './rollback/executor';
import { readKubeconfigText, SmallWorkspace } from './testing-faults';
import { printedLines } from './testing-printed';

jest.setTimeout(60_000);

const kubeconfig = resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const environment = `berth-test-records-of-${process.pid}`;
const other = `${environment}-other`;
const json = '.berth/result.json';

/** Records as deploys leave them, of images that the registry has lost. */
describe('what an environment remembers', () => {
  const client = KubeClient.from({ kubeconfig, context: 'berth-local' });
  const target = kubernetesOrchestrator(client, { holder: 'records@test' });
  let workspace: SmallWorkspace;
  const printed = printedLines();
  const image = (digit: string) => `localhost:5000/berth-test/not-there@sha256:${digit.repeat(64)}`;
  const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: environment } }];
  const record = (digit: string, changes: Partial<NewRecord> = {}): NewRecord => ({
    author: 'ana@laptop',
    startedAt: '2026-01-02T11:54:00Z',
    finishedAt: '2026-01-02T11:55:00Z',
    commit: digit.repeat(40),
    images: { web: image(digit) },
    outcome: 'succeeded',
    changes: [],
    set: `${setDigest(objects)}${digit}`,
    objects,
    ...changes,
  });
  const refusal = async (work: Promise<{ success: boolean }>) => {
    expect(await work).toEqual({ success: false });
    return printed.join('\n');
  };

  beforeAll(async () => {
    // An image of the workspace's own.
    workspace = new SmallWorkspace(environment, { ports: [{ name: 'http', port: 8080 }] });
    const { clusters, contexts, users } = readKubeconfigText(kubeconfig);
    workspace.access({ clusters, contexts, users }, {});
    await target.prepare(environment, objects);
    await target.writeRecord(environment, record('1'));
    await target.writeRecord(environment, record('2'));
    await target.writeRecord(environment, record('3', { outcome: 'failed', failure: 'web cannot run' }));
  });
  afterAll(async () => {
    await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: environment });
    client.close();
    workspace.remove();
  });

  it('is listed, newest first, and written for programs', async () => {
    expect(await history({ json }, workspace.context)).toEqual({ success: true });
    expect(printed.filter((line) => /^\d/.test(line)).map((line) => line.slice(0, 12))).toEqual([
      '3  failed   ',
      '2  succeeded',
      '1  succeeded',
    ]);
    expect(JSON.parse(readFileSync(join(workspace.root, json), 'utf8'))).toMatchObject({
      environment,
      records: [
        { number: 3, failure: 'web cannot run' },
        { number: 2 },
        { number: 1, images: { web: image('1') } },
      ],
    });
  });

  it.each<[string, RollbackOptions, RegExp]>([
    [
      'an image that is gone',
      {},
      /no longer has images of the record[^]*nothing was changed:\n {2}web: \S+@sha256:2{64}\n[^]*:history/,
    ],
    ['a record that is not there', { to: 9 }, /has no record 9\.[^]*good ones are 2, 1/],
    ['a deploy that failed', { to: 3 }, /Record 3 of \S+ is of a deploy that failed/],
    ['what is no number', { to: 1.5 }, /--to is the number of a record, not 1\.5/],
  ])('is not gone back to: %s', async (_, options, message) => {
    expect(await refusal(rollback({ json, ...options }, workspace.context))).toMatch(message);
    expect(await target.records(environment)).toHaveLength(3);
  });

  it('is not deployed elsewhere when its last deploy failed, nor with images that are gone', async () => {
    workspace.write(`deploy/environments/${other}/env.json`, {
      cluster: 'local',
      domain: 'localhost',
      projects: ['web'],
    });
    const { context } = workspace;
    context.projectsConfigurations.projects[other] = { root: `deploy/environments/${other}` };
    const promote = (from = environment) => refusal(deploy({ from }, { ...context, projectName: other }));
    expect(await promote('nowhere')).toMatch(/there is no environment nowhere/);
    expect(await promote()).toMatch(/cannot be taken: its last deploy, 3, did not succeed\.[^]*nx rollback/);
    await target.writeRecord(environment, record('4'));
    expect(await promote()).toMatch(
      /no longer has images of what \S+ runs; nothing was changed:\n {2}web: \S+4{64}/,
    );
    expect((await target.observe(other, [])).exists).toBe(false);
  });
});
