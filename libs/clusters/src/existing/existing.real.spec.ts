import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { KubeClient } from '@berth/kube';
import { parseCluster } from '@berth/model';
import { parse, stringify } from 'yaml';
import { ExistingCluster } from './existing';

jest.setTimeout(60_000);

const local = resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const namespace = `berth-test-existing-${process.pid}`;

/** The local cluster by another kubeconfig, whose context is called otherwise. */
let workspace: string;
let client: KubeClient;
const cluster = parseCluster('{"provider": "existing", "kubeconfig": "kubeconfig", "context": "work"}', {
  name: 'desk',
  root: 'deploy/clusters/desk',
});
const provider = (registry = 'localhost:5000/berth') => new ExistingCluster({ workspace, registry });

interface Kubeconfig {
  contexts: { name: string; context: object }[];
  users: { name: string; user: object }[];
}

function writeKubeconfig(user?: object): void {
  const file = parse(readFileSync(local, 'utf8')) as Kubeconfig;
  for (const context of file.contexts) context.name = 'work';
  if (user) for (const each of file.users) each.user = user;
  writeFileSync(join(workspace, 'kubeconfig'), stringify(file), { mode: 0o600 });
}

beforeAll(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'existing-'));
  writeKubeconfig();
  client = KubeClient.from({ kubeconfig: local, context: 'berth-local' });
  const labels = { 'app.kubernetes.io/managed-by': 'berth' };
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } });
  await client.create({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'nobody', namespace },
  });
});
afterAll(async () => {
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  client.close();
  rmSync(workspace, { recursive: true });
});

it('is observed by its API server', async () => {
  const status = await provider().observe(cluster);
  expect(status).toMatchObject({ exists: true, ready: true });
  expect(status.nodes[0]).toMatchObject({ ready: true, version: expect.stringMatching(/^v1\./) });
});

it('has all that a deploy needs, which is found out without making anything', async () => {
  const findings = await provider().check(cluster);
  expect(findings.filter(({ state }) => state !== 'well')).toEqual([]);
  expect(findings.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^Kubernetes v1\./),
    expect.stringMatching(/nodes ready$/),
    'the rights of a deploy, and of the environment admin',
    'Pod Security admission',
    expect.stringMatching(/^default StorageClass /),
    'the metrics API',
  ]);
  expect(await provider().planCreate(cluster)).toEqual([]);
});

it('lists its environments where it refuses to be destroyed', async () => {
  await expect(provider().planDestroy(cluster)).rejects.toMatchObject({
    message: expect.stringMatching(
      new RegExp(
        `^Berth did not make the cluster desk, and does not destroy it; environments of Berth in it: .*${namespace}`,
      ),
    ),
    hint: expect.stringContaining(`nx run berth:destroy --env=${namespace} --cluster=desk`),
  });
});

it('says what credentials lack that may do little', async () => {
  const kubectl = ['/var/lib/berth/bin/kubectl'].find((path) => existsSync(path)) ?? 'kubectl';
  const access = ['--kubeconfig', local, '--context', 'berth-local', '--namespace', namespace];
  const { stdout } = await new ProcessRunner().run([kubectl, ...access, 'create', 'token', 'nobody']);
  writeKubeconfig({ token: stdout.trim() });
  try {
    await expect(provider().planCreate(cluster)).rejects.toThrow(
      /^Environments cannot run on the cluster desk:\n {2}these credentials may not .*create namespaces, .*list pods/,
    );
  } finally {
    writeKubeconfig();
  }
});
