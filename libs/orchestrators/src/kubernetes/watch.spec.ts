import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient, ListQuery, LiveObject, WatchOptions } from '@berth/kube';
import { watch } from './watch';

/** A Deployment whose two pods are available, in a namespace in which nothing else is known. */
function deployment({
  name = 'web',
  probed = true,
  available = 2,
  labels = { 'app.kubernetes.io/name': name } as Record<string, string>,
} = {}): LiveObject {
  const container = { name, ...(probed ? { readinessProbe: { httpGet: { port: 8080 } } } : {}) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...{ name, namespace: 'staging', uid: name, resourceVersion: '1', generation: 1 },
      creationTimestamp: '2026-01-02T00:00:00Z',
      managedFields: [{ manager: 'berth', operation: 'Apply' }],
    },
    spec: { replicas: 2, template: { metadata: { labels }, spec: { containers: [container] } } },
    status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: available },
  };
}

describe('the wait for health', () => {
  /** @returns the kinds that it has asked for, with the labels where it is not all of a kind, and what it has ended */
  async function asked(live: LiveObject[], onQuery?: (query: string) => void): Promise<string[]> {
    const queries: string[] = [];
    const client = {
      kubectl: 'kubectl',
      earliest: () => new Date('2026-01-02T00:01:00Z'),
      now: () => new Date('2026-01-02T00:01:00Z'),
      watch: ({ kind, labelSelector }: ListQuery, { keep = (object) => object }: WatchOptions) => {
        const query = labelSelector ? `${kind} ${labelSelector}` : kind;
        queries.push(query);
        onQuery?.(query);
        const items = () => (kind === 'Deployment' ? live.map(keep) : []);
        for (const { metadata } of items()) expect(metadata.managedFields).toBeUndefined();
        return { healthy: true, items, close: () => void queries.push(`no more ${query}`) };
      },
    } as unknown as KubeClient;
    const stop = new AbortController();
    await watch(client, 'staging', live as KubernetesObject[], {
      timeoutMs: 60_000,
      onHealth: (workloads) => workloads.some(({ state }) => state !== 'healthy') && stop.abort(),
      signal: stop.signal,
    }).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    return queries.sort();
  }

  it('asks for workloads alone where they are healthy, and their pods have said so themselves', async () => {
    expect(await asked([deployment()])).toEqual(['Deployment']);
  });

  it('looks at the pods where nothing but that they run is known of them', async () => {
    const ofWeb = 'app.kubernetes.io/name in (web)';
    const live = [deployment({ probed: false })];
    expect(await asked(live)).toEqual(['Deployment', 'Event', `Pod ${ofWeb}`, `ReplicaSet ${ofWeb}`]);
  });

  it('asks for the pods of what is not healthy, and for what was told of them', async () => {
    const live = [deployment({ available: 1 }), deployment({ name: 'api' })];
    const ofWeb = 'app.kubernetes.io/name in (web)';
    expect(await asked(live)).toEqual(['Deployment', 'Event', `Pod ${ofWeb}`, `ReplicaSet ${ofWeb}`]);
  });

  it('asks for all pods where those of a workload have no label of a service, or too many are not healthy', async () => {
    const all = ['Deployment', 'Event', 'Pod', 'ReplicaSet'];
    expect(await asked([deployment({ available: 1, labels: { app: 'web' } })])).toEqual(all);
    const many = Array.from({ length: 21 }, (_, index) => deployment({ name: `s${index}`, available: 1 }));
    expect(await asked(many)).toEqual(all);
  });

  it('asks for the pods of another one too that is healthy no more', async () => {
    const live = [deployment({ available: 1 }), deployment({ name: 'api' })];
    const [ofWeb, ofBoth] = ['app.kubernetes.io/name in (web)', 'app.kubernetes.io/name in (web,api)'];
    const queries = await asked(live, (query) => {
      if (query === `Pod ${ofWeb}`) live[1] = deployment({ name: 'api', available: 1 });
    });
    expect(queries).toEqual(
      [
        ...['Deployment', 'Event'],
        ...[`Pod ${ofWeb}`, `Pod ${ofBoth}`, `ReplicaSet ${ofWeb}`, `ReplicaSet ${ofBoth}`],
        ...[`no more Pod ${ofWeb}`, `no more ReplicaSet ${ofWeb}`],
      ].sort(),
    );
  });
});
