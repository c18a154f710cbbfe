import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { KubeClient } from '@berth/kube';
import deploy from './deploy/executor';
import destroy from './destroy/executor';
import status from './status/executor';
import { readKubeconfigText, SmallWorkspace } from './testing-faults';

jest.setTimeout(60_000);

const kubeconfig = resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const environment = `berth-test-faults-rights-${process.pid}`;
const kubectl = ['/var/lib/berth/bin/kubectl'].find((path) => existsSync(path)) ?? 'kubectl';

/** Service accounts of a namespace of the test's own: one may do nothing, the other only read. */
describe('credentials that may not do what is asked', () => {
  const runner = new ProcessRunner();
  const base = readKubeconfigText(kubeconfig);
  const client = KubeClient.from({ kubeconfig, context: 'berth-local' });
  let workspace: SmallWorkspace;
  let printed: string[];

  const actAs = async (account: string) => {
    const access = ['--kubeconfig', kubeconfig, '--context', 'berth-local', '-n', environment];
    const { stdout } = await runner.run([kubectl, ...access, 'create', 'token', account]);
    workspace.access(base, {}, { token: stdout.trim() });
  };
  const refusal = async (run: () => Promise<{ success: boolean }>): Promise<string> => {
    printed = [];
    const { success } = await run();
    const text = printed.join('\n');
    expect({ success, text }).toMatchObject({ success: false });
    expect(text).not.toMatch(/^\s+at /m);
    return text;
  };

  beforeAll(async () => {
    const of = { fieldManager: 'berth-test' };
    const metadata = (name: string) => ({ name, namespace: environment });
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: environment } }, of);
    for (const name of ['nobody', 'reader'])
      await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(name) }, of);
    const group = 'rbac.authorization.k8s.io';
    // Of the whole cluster: what there is of an environment outside of its namespace is looked for too.
    await client.apply(
      {
        apiVersion: `${group}/v1`,
        kind: 'ClusterRole',
        metadata: { name: environment },
        rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
      },
      of,
    );
    await client.apply(
      {
        apiVersion: `${group}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name: environment },
        roleRef: { apiGroup: group, kind: 'ClusterRole', name: environment },
        subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace: environment }],
      },
      of,
    );
    workspace = new SmallWorkspace(environment, {
      image: 'localhost:5000/pause:3.10.1',
      ports: [{ name: 'http', port: 8080 }],
      health: { path: '/healthz' },
    });
    for (const stream of ['log', 'error'] as const)
      jest
        .spyOn(console, stream)
        .mockImplementation((...text: unknown[]) => void printed.push(text.join(' ')));
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    for (const kind of ['ClusterRoleBinding', 'ClusterRole'])
      await client.delete({ apiVersion: 'rbac.authorization.k8s.io/v1', kind, name: environment });
    await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: environment });
    client.close();
    workspace.remove();
  });

  it.each([
    ['deploy', () => deploy({}, workspace.context)],
    ['status', () => status({}, workspace.context)],
    ['destroy', () => destroy({ force: true }, workspace.context)],
  ])('says what may not be done to which object, and by whom: %s', async (_, run) => {
    await actAs('nobody');
    const text = await refusal(run);
    expect(text).toContain(`User "system:serviceaccount:${environment}:nobody" cannot`);
    expect(text).toMatch(/cannot (get|list|patch|create) resource "\w+"/);
    expect(text).toContain(`(context berth-local of ${workspace.kubeconfig})`);
    expect(text).toContain('auth can-i --list');
  });

  it('changes nothing when it may only read', async () => {
    await actAs('reader');
    const text = await refusal(() => deploy({}, workspace.context));
    expect(text).toContain(`User "system:serviceaccount:${environment}:reader" cannot patch resource`);
    // Each of them, and not just the first.
    expect(text).toContain('cannot be deployed: 5 problems, nothing was changed.');
    expect(text).toMatch(/may not (create|patch) \w+, .*patch deployments/);
    const { items } = await client.list({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: environment,
    });
    expect(items).toEqual([]);
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: environment };
    expect((await client.list(lease)).items).toEqual([]);
  });
});
