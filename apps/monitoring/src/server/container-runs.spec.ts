import type { LiveObject } from '@berth/kube';
import { containerRuns } from './container-runs';
import { ClusterObjects } from './cluster-objects';
import { changesTo } from './testing-cluster';
import { namespace, service } from './testing-objects';

/** Pods of the service web, each with this status. */
function runsOf(...pods: Record<string, object>[]) {
  const [workload, replicaSet, pod] = service('web') as [LiveObject, LiveObject, LiveObject];
  const copies = pods.map((fields, index) => ({
    ...pod,
    metadata: { ...pod.metadata, name: `web-1-${String.fromCharCode(97 + index)}`, uid: `${index}` },
    status: { ...(pod['status'] as object), ...fields },
  }));
  const objects = new ClusterObjects();
  objects.take(changesTo([namespace('staging'), workload, replicaSet, ...copies]));
  return containerRuns(objects.environment('staging')!, { kind: 'Deployment', name: 'web' });
}
const notReady = { conditions: [{ type: 'Ready', status: 'False' }] };

it('are those of every container, and before a restart', () => {
  const statuses = {
    initContainerStatuses: [{ name: 'init', restartCount: 0 }],
    containerStatuses: [{ name: 'web', restartCount: 3 }],
  };
  expect(runsOf(statuses)).toEqual({
    runs: [
      { pod: 'web-1-a', container: 'init', previous: false },
      { pod: 'web-1-a', container: 'web', previous: true },
      { pod: 'web-1-a', container: 'web', previous: false },
    ],
    omittedPods: 0,
  });
});

it('are of a few pods, those first that are not ready', () => {
  const found = runsOf({}, {}, {}, {}, {}, notReady);
  expect(found?.runs.map(({ pod }) => pod)).toEqual(['web-1-f', 'web-1-a', 'web-1-b', 'web-1-c']);
  expect(found?.omittedPods).toBe(2);
});

it('are no more than the log reader takes', () => {
  const containerStatuses = Array.from({ length: 4 }, (_, index) => ({ name: `c${index}`, restartCount: 1 }));
  expect(runsOf({ containerStatuses }, { containerStatuses }, { containerStatuses })?.runs).toHaveLength(12);
});
