import type { EnvironmentStatus, PodStatus, ServiceStatus } from '@berth/deploy';
import type { KubeClient, LiveObject } from '@berth/kube';
import { currentPods, judge, type Observed } from './health';
import { holderOf, readLease } from './lease';
import { serviceLabel } from './names';
import { readNodes } from './nodes';
import { records } from './records';
import { unschedulableOf } from './signs';

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

/** How an environment is now. Changes nothing. */
export async function status(client: KubeClient, environment: string): Promise<EnvironmentStatus> {
  const list = async (apiVersion: string, kind: string): Promise<LiveObject[]> =>
    (await client.list({ apiVersion, kind, namespace: environment })).items;
  const [namespace, deployments, statefulSets, daemonSets, replicaSets, pods, events, recorded, lease] =
    await Promise.all([
      client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment }),
      list('apps/v1', 'Deployment'),
      list('apps/v1', 'StatefulSet'),
      list('apps/v1', 'DaemonSet'),
      list('apps/v1', 'ReplicaSet'),
      list('v1', 'Pod'),
      list('v1', 'Event'),
      records(client, environment),
      readLease(client, environment),
    ]);
  const workloads = [...deployments, ...statefulSets, ...daemonSets];
  const observed: Observed = { workloads, replicaSets, pods, events };
  if (pods.some((pod) => unschedulableOf(pod) !== undefined)) observed.nodes = await readNodes(client);
  const now = client.now();
  const services = workloads.map((workload): ServiceStatus => serviceStatus(workload, observed, now));
  const holder = holderOf(lease, now);
  const [lastRecord] = recorded;
  return {
    environment,
    exists: namespace !== undefined,
    services: services.sort((one, other) => (one.name < other.name ? -1 : 1)),
    ...(lastRecord ? { lastRecord } : {}),
    ...(holder ? { deploying: { holder: holder.holder, since: holder.since } } : {}),
  };
}

function serviceStatus(workload: LiveObject, observed: Observed, now: Date): ServiceStatus {
  const { template } = (workload.spec ?? {}) as {
    template?: { spec?: { containers?: { image: string }[] } };
  };
  return {
    name: workload.metadata.labels?.[serviceLabel] ?? workload.metadata.name,
    health: judge(workload, observed, new Map(), now.getTime()),
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
