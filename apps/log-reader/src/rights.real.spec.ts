import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KubeClient, readKubeconfig } from '@berth/kube';
import type { KubernetesObject } from '@berth/manifests';
import { parseAllDocuments } from 'yaml';
import { LogReader } from './log-reader';

jest.setTimeout(60_000);

const connection = readKubeconfig({
  kubeconfig: resolve(__dirname, '../../../deploy/clusters/local/kubeconfig'),
  context: 'berth-local',
});
const admin = new KubeClient(connection);
const environment = `berth-test-lines-${process.pid}`;
/** With the rights that the pod in `admin` has, in names of this test's own. */
const limited = new KubeClient({
  ...connection,
  authorization: async () => ({ 'Impersonate-User': `system:serviceaccount:${environment}:log-reader` }),
});
const reader = new LogReader({ client: limited });

const rights = parseAllDocuments(readFileSync(join(__dirname, '../kubernetes/rbac.yaml'), 'utf8')).map(
  (document) => {
    const text = JSON.stringify(document).replaceAll('berth-log-reader-admin', environment);
    return JSON.parse(
      text.replace('"name":"log-reader"', `$&,"namespace":"${environment}"`),
    ) as KubernetesObject;
  },
);
const values = { PASSWORD: 'hunter2&"more"', KEY: '-----BEGIN KEY-----\nMIIEabcd\n-----END KEY-----' };
const secret = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: environment },
  stringData: values,
});
/** Puts its secrets out and ends badly; when it is started again it stays, or its first lines would soon be gone. */
const says = `echo "it is $PASSWORD"; echo "$KEY"; echo well
if [ -e /state/begun ]; then read from_nobody; fi
mkdir /state/begun
exit 1`;
const talker: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'talker', namespace: environment },
  spec: {
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: 'state', emptyDir: {} }],
    containers: [
      {
        name: 'talker',
        // The storage provisioner of the cluster runs it.
        image: 'localhost:5000/local-path-helper:v0.0.30',
        command: ['/bin/sh', '-c', says],
        stdin: true,
        volumeMounts: [{ name: 'state', mountPath: '/state' }],
        env: Object.keys(values).map((key) => ({
          name: key,
          valueFrom: { secretKeyRef: { name: 'berth-secrets', key } },
        })),
      },
    ],
  },
};
const pod = { apiVersion: 'v1', kind: 'Pod', name: 'talker', namespace: environment };
const secretKind = { apiVersion: 'v1', kind: 'Secret', namespace: environment };
const source = { pod: 'talker', container: 'talker' };
const sources = [
  { ...source, previous: true },
  { ...source, previous: false },
];

beforeAll(async () => {
  const labels = { 'app.kubernetes.io/managed-by': 'berth' };
  await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: environment, labels } });
  for (const object of [...rights, secret('berth-secrets'), secret('other')]) await admin.create(object);
  // Else the controller's own might come a moment later than the pod.
  await admin
    .create({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: environment },
    })
    .catch(() => undefined);
  await admin.create(talker);
  await untilRestarted();
});
afterAll(async () => {
  for (const { apiVersion, kind, metadata } of rights)
    await admin.delete({ apiVersion, kind, name: metadata.name });
  await admin.delete({ apiVersion: 'v1', kind: 'Namespace', name: environment });
  limited.close();
  admin.close();
});

/** Until its container has run before. */
async function untilRestarted(): Promise<void> {
  const stopping = new AbortController();
  const pods = admin.watch(
    { apiVersion: 'v1', kind: 'Pod', namespace: environment },
    { signal: stopping.signal, onChange: () => look() },
  );
  let look = (): void => undefined;
  await new Promise<void>((resolve) => {
    look = () => {
      const { containerStatuses = [] } = (pods.get('talker', environment)?.['status'] ?? {}) as {
        containerStatuses?: { restartCount: number }[];
      };
      if (containerStatuses.some(({ restartCount }) => restartCount > 0)) resolve();
    };
    look();
  });
  stopping.abort();
}

it('gives the lines of a container and of the one before, without the secrets that it put out', async () => {
  const found = await reader.read({ environment, sources });
  const expected = ['it is ***', '***', '***', '***', 'well'];
  expect(found.map(({ lines, failure }) => failure ?? lines.map(({ text }) => text))).toEqual([
    expected,
    expected,
  ]);
});

it.each([
  ['another Secret', () => limited.get({ ...secretKind, name: 'other' })],
  ['a list of Secrets', () => limited.list(secretKind)],
  ['a pod', () => limited.get(pod)],
  ['a list of namespaces', () => limited.list({ apiVersion: 'v1', kind: 'Namespace' })],
])('may not read %s', async (_, ask) => {
  await expect(ask()).rejects.toMatchObject({ status: 403 });
});

it('reads no log of what is no environment', async () => {
  const elsewhere = { environment: 'kube-system', sources: [{ pod: 'x', container: 'y', previous: false }] };
  await expect(reader.read(elsewhere)).rejects.toThrow('There is no environment kube-system.');
});

it('gives no line where it may not read the secrets', async () => {
  const nobody = new KubeClient({
    ...connection,
    authorization: async () => ({ 'Impersonate-User': `system:serviceaccount:${environment}:nobody` }),
  });
  try {
    await expect(new LogReader({ client: nobody }).read({ environment, sources })).rejects.toMatchObject({
      status: 403,
    });
  } finally {
    nobody.close();
  }
});
