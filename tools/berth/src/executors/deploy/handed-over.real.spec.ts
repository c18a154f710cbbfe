import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { KubeClient, type LiveObject } from '@berth/kube';
import { parseAllDocuments } from 'yaml';
import diff from '../diff/executor';
import { readKubeconfigText, SmallWorkspace } from '../testing-faults';
import deploy from './executor';
import { printedLines } from '../testing-printed';

jest.setTimeout(60_000);

const kubeconfig = resolve(__dirname, '../../../../../deploy/clusters/local/kubeconfig');
const kubectl = ['/var/lib/berth/bin/kubectl'].find((path) => existsSync(path)) ?? 'kubectl';
const byKubectl = `berth-test-handed-${process.pid}`;
const byBerth = `berth-test-deployed-${process.pid}`;

/** An image of the registry, by its digest. */
async function pauseImage(): Promise<string> {
  const answer = await fetch('http://localhost:5000/v2/pause/manifests/3.10.1', {
    method: 'HEAD',
    headers: {
      accept:
        'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
    },
  });
  return `localhost:5000/pause@${answer.headers.get('docker-content-digest')}`;
}

describe('a folder of --write, and `kubectl apply --server-side --field-manager=berth -k`', () => {
  const client = KubeClient.from({ kubeconfig, context: 'berth-local' });
  const workspaces: SmallWorkspace[] = [];
  const printed = printedLines();

  /** Of one service, with all that makes an environment more than rendered objects. */
  const workspaceOf = async (environment: string) => {
    const workspace = new SmallWorkspace(environment, {
      image: await pauseImage(),
      ports: [{ name: 'http', port: 8080, public: true }],
      scale: { min: 1, max: 2 },
      resources: { cpu: '5m', memory: '8Mi' },
      secrets: ['TOKEN'],
    });
    workspaces.push(workspace);
    workspace.write(
      'apps/web/kubernetes/objects.yaml',
      [
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  level: info\n',
        'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: reader\nrules: []\n',
        `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: reader-${environment}\nrules: []\n`,
      ].join('---\n'),
    );
    workspace.write(
      `deploy/environments/${environment}/patches/web.yaml`,
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: ${environment}\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 1\n      containers:\n        - name: web\n          lifecycle: null\n          envFrom:\n            - configMapRef: { name: settings }\n`,
    );
    const { clusters, contexts, users } = readKubeconfigText(kubeconfig);
    workspace.access({ clusters, contexts, users }, {});
    return workspace;
  };
  const apply = ({ root }: SmallWorkspace) =>
    new ProcessRunner().run([
      ...[kubectl, '--kubeconfig', kubeconfig, '--context', 'berth-local', 'apply'],
      ...['--server-side', '--field-manager=berth', '-k', join(root, 'out')],
    ]);
  const succeeds = async (run: Promise<{ success: boolean }>) => {
    const { success } = await run;
    expect({ success, printed }).toMatchObject({ success: true });
  };
  /** All that was asked for of each object of the folder, and who asked for it when. */
  const asked = async ({ root }: SmallWorkspace) => {
    const { stdout } = await new ProcessRunner().run([kubectl, 'kustomize', join(root, 'out')]);
    const references = parseAllDocuments(stdout).map((document) => {
      const { apiVersion, kind, metadata } = document.toJS() as LiveObject;
      return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? '' };
    });
    const live = await Promise.all(references.map((reference) => client.get(reference)));
    return live.map((object) => {
      const { status: _status, metadata, ...rest } = object as LiveObject;
      const { resourceVersion: _version, managedFields = [], ...own } = metadata;
      return { ...rest, metadata: own, managedFields: managedFields.filter((entry) => !entry.subresource) };
    });
  };

  afterAll(async () => {
    for (const environment of [byKubectl, byBerth]) {
      const clusterRole = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' };
      await client.delete({ ...clusterRole, name: `reader-${environment}` });
      await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: environment });
    }
    client.close();
    for (const workspace of workspaces) workspace.remove();
  });

  it('give an empty namespace what a deploy gives it: nothing is left to change, and all of it is known', async () => {
    const workspace = await workspaceOf(byKubectl);
    await succeeds(deploy({ write: 'out' }, workspace.context));
    expect(printed.join('\n')).toContain('kubectl apply --server-side --field-manager=berth -k out');
    await apply(workspace);
    await succeeds(diff({ exitCode: true }, workspace.context));
    expect(printed.at(-1)).toMatch(/^\d+ the same$/);

    // A deploy that no longer has an object finds it by the inventory.
    workspace.write(
      'apps/web/kubernetes/objects.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  level: info\n',
    );
    expect(await diff({ exitCode: true }, workspace.context)).toEqual({ success: false });
    expect(printed).toEqual(
      expect.arrayContaining(['- prune role/reader', `- prune clusterrole/reader-${byKubectl}`]),
    );
  });

  it('change nothing of what a deploy has made', async () => {
    const workspace = await workspaceOf(byBerth);
    const { context } = workspace;
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: byBerth } });
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'berth-secrets', namespace: byBerth },
    };
    await client.create({ ...secret, stringData: { TOKEN: 'x' } });
    await succeeds(deploy({}, context));
    await succeeds(deploy({ write: 'out' }, context));
    const before = await asked(workspace);
    expect(before.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['Namespace', 'Secret', 'Deployment']),
    );
    await apply(workspace);
    expect(await asked(workspace)).toEqual(before);
    expect(readFileSync(join(workspace.root, 'out/services/web.yaml'), 'utf8')).toContain('@sha256:');
  });
});
