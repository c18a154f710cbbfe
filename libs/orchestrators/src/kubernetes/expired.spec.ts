import type { KubeClient, LiveObject, ObjectList } from '@berth/kube';
import { expired } from './expired';

const now = new Date('2026-11-10T12:00:00Z');

function namespace(name: string, annotations: Record<string, string>, creationTimestamp: string): LiveObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp, annotations },
  };
}

/** A cluster with these namespaces of Berth's, and by namespace the times of its records. */
function cluster(namespaces: LiveObject[], recordTimes: Record<string, string[]> = {}): KubeClient {
  const list = async (query: { kind: string; namespace?: string; labelSelector?: string }) => {
    if (query.kind === 'Namespace') {
      expect(query.labelSelector).toBe('app.kubernetes.io/managed-by=berth');
      return { items: namespaces } as ObjectList;
    }
    const times = recordTimes[query.namespace ?? ''] ?? [];
    return { items: times.map((creationTimestamp) => ({ metadata: { creationTimestamp } })) } as ObjectList;
  };
  return { list } as unknown as KubeClient;
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
    const made = ['b', 'a'].map((name) =>
      namespace(name, { 'berth.dev/ttl': '12h' }, '2026-10-01T00:00:00Z'),
    );
    const times = {
      a: ['2026-11-09T23:59:00Z', '2026-11-01T00:00:00Z'],
      b: ['2026-11-01T00:00:00Z', '2026-11-10T00:01:00Z'],
    };
    expect(await expired(cluster(made, times), now)).toEqual([
      { environment: 'a', ttl: '12h', deployedAt: '2026-11-09T23:59:00Z' },
    ]);
  });

  it.each([
    ['it is protected', { 'berth.dev/ttl': '1s', 'berth.dev/protected': 'true' }],
    ['it has no ttl', {}],
    ['somebody wrote a ttl that is none', { 'berth.dev/ttl': 'soon' }],
  ])('stays when %s', async (_, annotations) => {
    expect(await expired(cluster([namespace('x', annotations, '2020-01-01T00:00:00Z')]), now)).toEqual([]);
  });
});
