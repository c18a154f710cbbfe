import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient, ListQuery, LiveObject, WatchOptions } from '@berth/kube';
import { watch } from './watch';

/** A Deployment whose two pods are available, in a namespace in which nothing else is known. */
function deployment({ probed, available = 2 }: { probed: boolean; available?: number }): LiveObject {
  const container = { name: 'web', ...(probed ? { readinessProbe: { httpGet: { port: 8080 } } } : {}) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...{ name: 'web', namespace: 'staging', uid: 'web', resourceVersion: '1', generation: 1 },
      creationTimestamp: '2026-01-02T00:00:00Z',
      managedFields: [{ manager: 'berth', operation: 'Apply' }],
    },
    spec: { replicas: 2, template: { spec: { containers: [container] } } },
    status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: available },
  };
}

describe('the wait for health', () => {
  /** @returns the kinds that it has asked for */
  async function asked(live: LiveObject): Promise<string[]> {
    const kinds: string[] = [];
    const client = {
      kubectl: 'kubectl',
      earliest: () => new Date('2026-01-02T00:01:00Z'),
      now: () => new Date('2026-01-02T00:01:00Z'),
      watch: ({ kind }: ListQuery, { keep = (object) => object }: WatchOptions) => {
        kinds.push(kind);
        const items = kind === 'Deployment' ? [keep(live)] : [];
        for (const { metadata } of items) expect(metadata.managedFields).toBeUndefined();
        return { healthy: true, items: () => items };
      },
    } as unknown as KubeClient;
    const stop = new AbortController();
    await watch(client, 'staging', [live as KubernetesObject], {
      timeoutMs: 60_000,
      onHealth: (workloads) => workloads.some(({ state }) => state !== 'healthy') && stop.abort(),
      signal: stop.signal,
    }).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    return kinds.sort();
  }

  it('asks for workloads alone where they are healthy, and their pods have said so themselves', async () => {
    expect(await asked(deployment({ probed: true }))).toEqual(['Deployment']);
  });

  it('looks at the pods where nothing but that they run is known of them', async () => {
    expect(await asked(deployment({ probed: false }))).toEqual(['Deployment', 'Event', 'Pod', 'ReplicaSet']);
  });

  it('asks for pods and for what was told of them where a workload is not healthy', async () => {
    const live = deployment({ probed: true, available: 1 });
    expect(await asked(live)).toEqual(['Deployment', 'Event', 'Pod', 'ReplicaSet']);
  });
});
