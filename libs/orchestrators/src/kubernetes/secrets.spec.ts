import type { SecretEdit } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { applySecrets, planSecrets, secrets } from './secrets';
import { ClientStandIn } from './testing-client';

const at = '2026-01-02T12:00:00.000Z';
const earlier = '2026-01-02T11:00:00.000Z';
const reference = (key: string) => ({
  name: key,
  valueFrom: { secretKeyRef: { name: 'berth-secrets', key } },
});
const workload = (name: string, keys: string[], fields: Record<string, unknown> = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'staging' },
  spec: {
    selector: { matchLabels: { 'app.kubernetes.io/name': name } },
    template: {
      metadata: fields['annotations'] ? { annotations: fields['annotations'] } : {},
      spec: { containers: [{ name, env: keys.map(reference) }], ...(fields['pod'] as object) },
    },
  },
});
const secret = (data: Record<string, string>, notes: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'berth-secrets',
    namespace: 'staging',
    resourceVersion: '7',
    annotations: { 'berth.dev/set': JSON.stringify(notes) },
    managedFields: [
      { manager: 'kubectl-create', time: earlier, fieldsV1: { 'f:data': { 'f:BY_HAND': {} } } },
    ],
  },
  data: Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
  ),
});
const pod = (creationTimestamp: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'staging', creationTimestamp },
});
const namespace: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'staging' } };
const edit = (values: Record<string, string | Buffer | undefined>, restart = true): SecretEdit => ({
  values: new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      value === undefined ? undefined : Buffer.from(value),
    ]),
  ),
  author: 'ana@laptop',
  restart,
});
const plan = async (
  objects: KubernetesObject[],
  values: SecretEdit,
  desired: KubernetesObject[] = [workload('web', ['TOKEN', 'STORE_PASSWORD'])],
) => {
  const cluster = new ClientStandIn([namespace, ...objects]);
  return planSecrets(cluster.client, 'staging', desired, values);
};
const lines = async (...request: Parameters<typeof plan>) =>
  (await plan(...request)).map(
    ({ action, object, reason }) => `${action} ${object.kind}/${object.name}: ${reason ?? ''}`,
  );

describe('what it takes to set a secret', () => {
  const web = workload('web', ['TOKEN']);
  const store = workload('store', ['STORE_PASSWORD']);
  const all = workload('all', [], { pod: { volumes: [{ secret: { secretName: 'berth-secrets' } }] } });

  it('starts those pods anew that use it, and no others', async () => {
    const live = [secret({ TOKEN: 'old', STORE_PASSWORD: 'x' }), web, store, all];
    expect(await lines(live, edit({ TOKEN: 'new' }))).toEqual([
      'change Secret/berth-secrets: sets TOKEN',
      'change Deployment/web: its pods start anew with TOKEN',
      'change Deployment/all: its pods start anew with TOKEN',
    ]);
    expect(await lines(live, edit({ TOKEN: 'new' }, false))).toHaveLength(1);
    expect(await lines(live, edit({ TOKEN: 'old' }))).toEqual(['same Secret/berth-secrets: ']);
  });

  it('is all there is to do before the first deploy: the namespace and the Secret', async () => {
    const cluster = new ClientStandIn([]);
    const changes = await planSecrets(cluster.client, 'staging', [web], edit({ TOKEN: 'new' }));
    expect(changes.map(({ action, object }) => `${action} ${object.kind}/${object.name}`)).toEqual([
      'create Namespace/staging',
      'create Secret/berth-secrets',
    ]);
  });

  it('goes on where it was interrupted: with pods of before the value was set, once', async () => {
    const set = secret({ TOKEN: 'new' }, { TOKEN: { at, by: 'ana@laptop' } });
    const rolled = workload('web', ['TOKEN'], { annotations: { 'berth.dev/secrets-set-at': at } });
    const again = (...live: KubernetesObject[]) => lines([set, ...live], edit({ TOKEN: 'new' }));
    expect(await again(web, pod('2026-01-02T11:59:00Z'))).toContain(
      'change Deployment/web: its pods start anew with TOKEN',
    );
    expect(await again(web, pod('2026-01-02T12:00:01Z'))).toHaveLength(1);
    expect(await again(rolled, pod('2026-01-02T12:00:00Z'))).toHaveLength(1);
  });

  it('notes when and by whom, later than ever before, and keeps the other notes', async () => {
    const future = '2999-01-01T00:00:00.000Z';
    const [change] = await plan(
      [secret({ TOKEN: 'a', OLD: 'b' }, { TOKEN: { at: future }, OLD: { at: earlier, by: 'ben@laptop' } })],
      edit({ TOKEN: 'new' }),
    );
    expect(JSON.parse(change?.desired?.metadata.annotations?.['berth.dev/set'] ?? '')).toEqual({
      TOKEN: { at: '2999-01-01T00:00:00.001Z', by: 'ana@laptop' },
      OLD: { at: earlier, by: 'ben@laptop' },
    });
  });

  it('has no value in it, neither the new one nor those that are there', async () => {
    const values = { TOKEN: 'first-value', STORE_PASSWORD: 'second-value' };
    const changes = await plan([secret(values), web, store], edit({ TOKEN: 'third-value' }));
    const text = JSON.stringify(changes);
    for (const value of [...Object.values(values), 'third-value']) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value).toString('base64'));
    }
  });

  it.each<[string, SecretEdit, RegExp]>([
    [
      'a name that no service asks for',
      edit({ TOKN: 'x' }),
      /asks for the secret TOKN; did you mean TOKEN\?/,
    ],
    [
      'the deletion of what is not there',
      edit({ TOKN: undefined }),
      /has no secret TOKN; did you mean TOKEN\?/,
    ],
    ['a zero byte', edit({ TOKEN: Buffer.from([65, 0, 66]) }), /TOKEN cannot be a variable .* zero byte/],
    ['what is no text', edit({ TOKEN: Buffer.from([0xff, 0xfe]) }), /TOKEN cannot be .* no UTF-8 text/],
    ['what is too long for Linux', edit({ TOKEN: 'x'.repeat(131_066) }), /it has 131066 bytes/],
  ])('refuses %s', async (_, values, message) => {
    await expect(plan([secret({ TOKEN: 'old' }), web], values)).rejects.toThrow(message);
  });

  it('takes any bytes, and any name, where the Secret is a folder of files', async () => {
    const bytes = edit({ 'keystore.p12': Buffer.from([0, 0xff]) });
    expect(await lines([all], bytes, [all])).toContain('create Secret/berth-secrets: sets keystore.p12');
    await expect(plan([web], edit({ TOKEN: 'x'.repeat(131_065) }))).resolves.toHaveLength(2);
  });
});

it('lists what is set and asked for, by whom, and since when', async () => {
  const cluster = new ClientStandIn([
    namespace,
    secret({ TOKEN: 'a', BY_HAND: 'b', OLD: 'c' }, { TOKEN: { at, by: 'ana@laptop' } }),
    workload('web', ['TOKEN']),
  ]);
  const desired = [workload('web', ['TOKEN', 'NEW']), workload('api', ['TOKEN'])];
  expect(await secrets(cluster.client, 'staging', desired)).toEqual([
    { name: 'BY_HAND', isSet: true, setAt: earlier, usedBy: [] },
    { name: 'NEW', isSet: false, usedBy: ['web'] },
    { name: 'OLD', isSet: true, usedBy: [] },
    { name: 'TOKEN', isSet: true, setAt: at, setBy: 'ana@laptop', usedBy: ['api', 'web'] },
  ]);
});

it('says so when somebody else sets one at the same moment', async () => {
  const cluster = new ClientStandIn([namespace, secret({ TOKEN: 'old' })]);
  const values = edit({ TOKEN: 'new' });
  const changes = await planSecrets(cluster.client, 'staging', [workload('web', ['TOKEN'])], values);
  cluster.conflicts = true;
  await expect(applySecrets(cluster.client, 'staging', values, changes)).rejects.toThrow(
    /changed by somebody else at this moment; nothing was set/,
  );
});
