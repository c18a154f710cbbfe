import type { LiveObject } from '@berth/kube';
import type { LogSource, ServiceKey } from '../entries';
import type { EnvironmentObjects } from './cluster-objects';
import { ownedByService } from './details';

export type ContainerRun = Pick<LogSource, 'pod' | 'container' | 'previous'>;

/** Runs of containers whose lines may be read. */
export interface ContainerRuns {
  runs: ContainerRun[];
  omittedPods: number;
}

const mostPods = 4;
/** As many as the log reader takes at once. */
const mostRuns = 12;

interface PodFields {
  status?: {
    conditions?: { type: string; status: string }[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

interface ContainerStatus {
  name: string;
  restartCount: number;
}

/**
 * The runs of a service's containers, of pods that are not ready first, and before each run the one that it restarted
 * after. Undefined when there is no such workload.
 */
export function containerRuns(
  objects: EnvironmentObjects,
  service: Pick<ServiceKey, 'kind' | 'name'>,
): ContainerRuns | undefined {
  const found = ownedByService(objects, service);
  if (!found) return undefined;
  const pods = [...found.pods].sort(
    (one, other) =>
      Number(isReady(one)) - Number(isReady(other)) || (one.metadata.name < other.metadata.name ? -1 : 1),
  );
  return {
    runs: pods.slice(0, mostPods).flatMap(runsOf).slice(0, mostRuns),
    omittedPods: Math.max(0, pods.length - mostPods),
  };
}

function runsOf(pod: LiveObject & PodFields): ContainerRun[] {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  return [...initContainerStatuses, ...containerStatuses].flatMap(({ name, restartCount }) => {
    const run = { pod: pod.metadata.name, container: name, previous: false };
    return restartCount > 0 ? [{ ...run, previous: true }, run] : [run];
  });
}

function isReady(pod: LiveObject & PodFields): boolean {
  return (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}
