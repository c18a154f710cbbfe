import type { KubernetesObject } from '@berth/manifests';
import type { LiveObject } from '@berth/kube';
import { failureOf, limitMs, TestEnvironments } from './testing-environments';
import { oneService } from './testing-objects';

jest.setTimeout(limitMs);

const environments = new TestEnvironments('r');
const { client } = environments;
const environment = environments.name('recreate');
afterAll(() => environments.end(), limitMs);

interface Version {
  /** A label that the Deployment selects its pods by. */
  version: string;
  /** Of the StatefulSet's volume. */
  storage: string;
  /** Of a volume of its own. */
  access?: string;
  invalid?: boolean;
}

/** A Deployment, a StatefulSet with a volume, and a volume of its own. */
function objects({ version, storage, access = 'ReadWriteOnce', invalid }: Version): KubernetesObject[] {
  const service = oneService(environment);
  const deployment = service.find(({ kind }) => kind === 'Deployment')!;
  const { template, ...spec } = deployment.spec as {
    template: { metadata: { labels: Record<string, string> }; spec: object };
  };
  const labelled = (labels: Record<string, string>) => ({
    selector: { matchLabels: labels },
    template: { ...template, metadata: { labels: { ...template.metadata.labels, ...labels } } },
  });
  const volume = (requested: string, mode = 'ReadWriteOnce') => ({
    accessModes: [mode],
    resources: { requests: { storage: requested } },
  });
  const metadata = { namespace: environment, labels: { 'app.kubernetes.io/name': 'one' } };
  return [
    ...service.filter(({ kind }) => kind !== 'Deployment'),
    {
      ...deployment,
      spec: { ...spec, ...labelled({ version }), ...(invalid ? { minReadySeconds: -1 } : {}) },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'store', ...metadata },
      spec: {
        replicas: 1,
        ...labelled({ store: 'yes' }),
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: volume(storage) }],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'own', ...metadata },
      spec: volume('1Mi', access),
    },
  ];
}

const uidsOf = async (kind: string, ...names: string[]): Promise<Record<string, string>> => {
  const apiVersion = kind === 'Pod' || kind === 'PersistentVolumeClaim' ? 'v1' : 'apps/v1';
  const { items } = await client.list({ apiVersion, kind, namespace: environment });
  const wanted = items.filter(({ metadata }: LiveObject) =>
    names.some((name) => metadata.name.startsWith(name)),
  );
  return Object.fromEntries(wanted.map(({ metadata }) => [metadata.name, metadata.uid]));
};

test('what cannot be changed is made anew, pods and volumes of a StatefulSet live on, and what would lose data is refused', async () => {
  await environments.deploy(environment, objects({ version: '1', storage: '1Mi' }));
  const deployments = await uidsOf('Deployment', 'one');
  const pods = await uidsOf('Pod', 'one-', 'store-');
  const claims = await uidsOf('PersistentVolumeClaim', 'data-store', 'own');

  const lossy = objects({ version: '2', storage: '2Mi', access: 'ReadWriteMany', invalid: true });
  const { message } = await failureOf(environments.deploy(environment, lossy));
  expect(message).toContain('cannot be deployed: 2 problems, nothing was changed.');
  expect(message).toMatch(/- deployment\/one: .*minReadySeconds: Invalid value: -1/);
  expect(message).toMatch(
    /- persistentvolumeclaim\/own would have to be made anew, and its data would be lost/,
  );
  expect(await uidsOf('Deployment', 'one')).toEqual(deployments);

  const { changes } = await environments.deploy(environment, objects({ version: '2', storage: '2Mi' }));
  expect(changes.filter(({ action }) => action !== 'same')).toMatchObject([
    { action: 'recreate', object: { kind: 'Deployment' }, reason: expect.stringMatching(/pods end before/) },
    { action: 'recreate', object: { kind: 'StatefulSet' }, reason: expect.stringMatching(/pods live on/) },
  ]);
  expect(await uidsOf('Pod', 'store-')).toEqual({ 'store-0': pods['store-0'] });
  expect(await uidsOf('PersistentVolumeClaim', 'data-store', 'own')).toEqual(claims);
  const [name = ''] = Object.keys(await uidsOf('Pod', 'one-'));
  expect(Object.keys(pods)).not.toContain(name);
  expect(
    (await environments.deploy(environment, objects({ version: '2', storage: '2Mi' }))).record,
  ).toBeUndefined();
});
