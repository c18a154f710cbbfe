import type { KubeClient, LiveObject, ObjectList } from '@berth/kube';
import { expired } from './expired';
import { applySetId, applySetIdLabel, inventoryName, tooling, toolingAnnotation } from './names';

const now = new Date('2026-11-10T12:00:00Z');

function namespace(name: string, annotations: Record<string, string>, creationTimestamp: string): LiveObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp, annotations },
  };
}

/** When something was deployed: noted at the inventory, or by an older Berth in records only. */
type Deploys = { noted: string } | { recorded: string[] };

/** A cluster with these namespaces of Berth's, and by namespace what was deployed there. */
function cluster(namespaces: LiveObject[], deploys: Record<string, Deploys> = {}): KubeClient {
  const get = async ({ namespace: name = '' }) => {
    const deploy = deploys[name];
    if (!deploy) return undefined;
    const noted: Record<string, string> = 'noted' in deploy ? { 'berth.dev/deployed-at': deploy.noted } : {};
    const parent = namespace(
      inventoryName,
      { [toolingAnnotation]: tooling, ...noted },
      '2026-10-01T00:00:00Z',
    );
    parent.metadata.labels = { [applySetIdLabel]: applySetId(name) };
    return { ...parent, kind: 'Secret' };
  };
  const list = async (query: { kind: string; namespace?: string; labelSelector?: string }) => {
    if (query.kind === 'Namespace') {
      expect(query.labelSelector).toBe('app.kubernetes.io/managed-by=berth');
      return { items: namespaces } as ObjectList;
    }
    const deploy = deploys[query.namespace ?? ''];
    if (!deploy || !('recorded' in deploy)) throw new Error('no record need be read');
    return {
      items: deploy.recorded.map((creationTimestamp) => ({ metadata: { creationTimestamp } })),
    } as ObjectList;
  };
  return { get, list } as unknown as KubeClient;
}

describe('an environment with a ttl', () => {
  it('expires that long after it was made, when nothing was deployed', async () => {
    const made = [
      namespace('old', { 'berth.dev/ttl': '3d' }, '2026-11-07T12:00:00Z'),
      namespace('young', { 'berth.dev/ttl': '3d' }, '2026-11-07T12:00:01Z'),
    ];
    expect(await expired(cluster(made), now)).toEqual([
      { environment: 'old', ttl: '3d', deployedAt: '2026-11-07T12:00:00Z' },
    ]);
  });

  it('counts from its last deploy', async () => {
    const made = ['d', 'c', 'b', 'a'].map((name) =>
      namespace(name, { 'berth.dev/ttl': '12h' }, '2026-10-01T00:00:00Z'),
    );
    const deploys = {
      a: { noted: '2026-11-09T23:59:00Z' },
      b: { noted: '2026-11-10T00:01:00Z' },
      c: { recorded: ['2026-11-09T23:58:00Z', '2026-11-01T00:00:00Z'] },
      d: { recorded: ['2026-11-01T00:00:00Z', '2026-11-10T00:01:00Z'] },
    };
    expect(await expired(cluster(made, deploys), now)).toEqual([
      { environment: 'a', ttl: '12h', deployedAt: '2026-11-09T23:59:00Z' },
      { environment: 'c', ttl: '12h', deployedAt: '2026-11-09T23:58:00Z' },
    ]);
  });

  it('of which it cannot be said is told, and does not keep the others', async () => {
    const made = ['a', 'b'].map((name) =>
      namespace(name, { 'berth.dev/ttl': '12h' }, '2026-10-01T00:00:00Z'),
    );
    const broken = cluster(made, { b: { recorded: [] } });
    const get = broken.get.bind(broken);
    broken.get = (reference) =>
      reference.namespace === 'a' ? Promise.reject(new Error('forbidden')) : get(reference);
    const unknown: string[] = [];
    const found = await expired(broken, now, (name, { message }) => unknown.push(`${name}: ${message}`));
    expect(found).toMatchObject([{ environment: 'b' }]);
    expect(unknown).toEqual(['a: forbidden']);
    await expect(expired(broken, now)).rejects.toThrow('forbidden');
  });

  it.each([
    ['it is protected', { 'berth.dev/ttl': '1s', 'berth.dev/protected': 'true' }],
    ['it has no ttl', {}],
    ['somebody wrote a ttl that is none', { 'berth.dev/ttl': 'soon' }],
  ])('stays when %s', async (_, annotations) => {
    expect(await expired(cluster([namespace('x', annotations, '2020-01-01T00:00:00Z')]), now)).toEqual([]);
  });

  it('stays when nobody can say when it was deployed', async () => {
    const made = [namespace('x', { 'berth.dev/ttl': '1s' }, '2020-01-01T00:00:00Z')];
    expect(await expired(cluster(made, { x: { noted: 'yesterday' } }), now)).toEqual([]);
  });
});
