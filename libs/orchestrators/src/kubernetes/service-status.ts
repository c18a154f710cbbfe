import type { PodStatus, ServiceStatus } from '@berth/deploy';
import type { LiveObject } from '@berth/kube';
import { currentPods, judge, type Observed, type Seen } from './health';
import { serviceOf } from './workloads';

interface PodFields {
  spec?: { nodeName?: string };
  status?: {
    phase?: string;
    reason?: string;
    startTime?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: {
      restartCount: number;
      state?: { waiting?: { reason?: string }; terminated?: { reason?: string } };
    }[];
  };
}

/** How one workload is now. @param seen as of `judge` */
export function serviceStatus(
  workload: LiveObject,
  observed: Observed,
  seen: Seen,
  now: Date,
): ServiceStatus {
  const { template } = (workload.spec ?? {}) as {
    template?: { spec?: { containers?: { image: string }[] } };
  };
  return {
    name: serviceOf(workload),
    health: judge(workload, observed, seen, now.getTime()),
    images: [...new Set((template?.spec?.containers ?? []).map(({ image }) => image))],
    pods: currentPods(workload, observed).map(podStatus),
  };
}

function podStatus(pod: LiveObject): PodStatus {
  const { spec = {}, status: fields = {} } = pod as LiveObject & PodFields;
  const containers = fields.containerStatuses ?? [];
  const waiting = containers.find(({ state }) => state?.waiting?.reason)?.state?.waiting?.reason;
  const ended = containers.find(({ state }) => state?.terminated?.reason)?.state?.terminated?.reason;
  return {
    name: pod.metadata.name,
    state: waiting ?? ended ?? fields.reason ?? fields.phase ?? 'Unknown',
    ready:
      fields.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false,
    restarts: containers.reduce((total, { restartCount }) => total + restartCount, 0),
    node: spec.nodeName ?? '',
    startedAt: fields.startTime ?? pod.metadata.creationTimestamp,
  };
}
