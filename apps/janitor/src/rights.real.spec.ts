import { resolve } from 'node:path';
import { deploy } from '@berth/deploy';
import { KubeClient, readKubeconfig } from '@berth/kube';
import type { KubernetesObject } from '@berth/manifests';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import { sweep } from './sweep';

const connection = readKubeconfig({
  kubeconfig: resolve(__dirname, '../../../deploy/clusters/local/kubeconfig'),
  context: 'berth-local',
});
const admin = new KubeClient(connection);
/** With the rights of the pod in `admin`. */
const janitor = new KubeClient({
  ...connection,
  authorization: async () => ({ 'Impersonate-User': 'system:serviceaccount:admin:janitor' }),
});
const target = kubernetesOrchestrator(admin, { holder: 'janitor@test' });
const limited = kubernetesOrchestrator(janitor, { holder: 'janitor@test' });
const refusal = /the janitor deletes only what Berth has made/;

const suffix = process.pid.toString(36);
const names = ['expiring', 'staying', 'protected', 'foreign'].map((name) => `berth-test-${name}-${suffix}`);
const [expiring, staying, guarded, foreign] = names as [string, string, string, string];
const namespace = (name: string, annotations = {}, by = 'berth'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'app.kubernetes.io/managed-by': by }, annotations },
});
const settings = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: name },
  data: { of: name },
});
const role: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: `reader-${expiring}` },
  rules: [],
};
const reference = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', name });
const isThere = async (name: string) => (await admin.get(reference(name))) !== undefined;

async function deployed(name: string, annotations: object, others: KubernetesObject[] = []): Promise<void> {
  await deploy(target, {
    environment: name,
    render: () => [namespace(name, annotations), settings(name), ...others],
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'janitor@test',
    timeoutMs: 60_000,
  });
}

beforeAll(async () => {
  await Promise.all([
    // Ten days: the janitor of the cluster does not find it.
    deployed(expiring, { 'berth.dev/ttl': '10d' }, [role]),
    deployed(staying, {}),
    deployed(guarded, { 'berth.dev/ttl': '10d', 'berth.dev/protected': 'true' }),
    admin.create(namespace(foreign, { 'berth.dev/ttl': '10d' }, 'somebody')),
  ]);
}, 60_000);
afterAll(async () => {
  await admin.delete(reference(foreign));
  await Promise.all([expiring, staying, guarded].map((name) => target.destroy(name)));
  janitor.close();
  admin.close();
}, 60_000);

it.each([
  ['a namespace without a ttl', () => reference(staying)],
  ['a protected namespace', () => reference(guarded)],
  ['a namespace that somebody else has made', () => reference(foreign)],
  ['the namespace that it runs in', () => reference('admin')],
])('is not able to delete %s', async (_, object) => {
  await expect(janitor.delete(object())).rejects.toThrow(refusal);
  expect(await isThere(object().name)).toBe(true);
});

it('is not able to delete what is in them, or what others have outside', async () => {
  const pods = await admin.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'admin' });
  const { name } = pods.items[0]!.metadata;
  await expect(janitor.delete({ apiVersion: 'v1', kind: 'Pod', name, namespace: 'admin' })).rejects.toThrow(
    refusal,
  );
  const everything = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    name: 'cluster-admin',
  };
  await expect(janitor.delete(everything)).rejects.toThrow(refusal);
});

it('may read no secret', async () => {
  const secrets = { apiVersion: 'v1', kind: 'Secret', namespace: staying };
  await expect(janitor.list(secrets)).rejects.toMatchObject({ status: 403 });
  await expect(janitor.get({ ...secrets, name: 'berth-record-1' })).rejects.toMatchObject({ status: 403 });
});

it('removes an environment whose ttl is over, and what it has outside its namespace', async () => {
  const lines: object[] = [];
  const log = {
    info: (line: object) => void lines.push(line),
    error: (line: object) => void lines.push(line),
  };
  const eleven = new Date(Date.now() + 11 * 86_400_000);
  // Of this file alone: other tests have environments with a ttl too.
  const ours = {
    expired: async (...args: Parameters<typeof limited.expired>) =>
      (await limited.expired(...args)).filter(({ environment }) => names.includes(environment)),
    destroy: limited.destroy.bind(limited),
  };
  expect(await sweep(ours, () => eleven, log, new AbortController().signal)).toBe(true);
  expect(lines).toEqual([{ environment: expiring, ttl: '10d', deployedAt: expect.any(String) }]);
  expect(await isThere(expiring)).toBe(false);
  expect(await admin.get({ ...role, name: role.metadata.name })).toBeUndefined();
  expect(await Promise.all([staying, guarded, foreign].map(isThere))).toEqual([true, true, true]);
}, 60_000);
