import type { EnvironmentStatus, PodStatus, ServiceStatus } from '@berth/deploy';
import { ApiError, type KubeClient, type ListQuery, type LiveObject } from '@berth/kube';
import { currentPods, judge, type Observed } from './health';
import { holderOf } from './lease';
import { leaseName, recordLabel } from './names';
import { readNodes } from './nodes';
import { recordsIn } from './records';
import { unschedulableOf } from './signs';
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

/** From so many environments on, lists of the whole cluster are less work than lists of each namespace. */
const many = 8;

/** How an environment is now. Changes nothing. */
export async function status(client: KubeClient, environment: string): Promise<EnvironmentStatus> {
  const [found] = await read(client, [environment], environment);
  return found as EnvironmentStatus;
}

/** How several environments are now; one that cannot be read does not keep the others. In their order. */
export async function statuses(
  client: KubeClient,
  environments: readonly string[],
): Promise<PromiseSettledResult<EnvironmentStatus>[]> {
  if (environments.length >= many) {
    try {
      const found = await read(client, environments);
      return found.map((value) => ({ status: 'fulfilled', value }));
    } catch (error) {
      // Who may not list the whole cluster may still read namespaces.
      if (!(error instanceof ApiError && error.status === 403)) throw error;
    }
  }
  return Promise.allSettled(environments.map((environment) => status(client, environment)));
}

/** @param namespace the one that all lists are of; the whole cluster when absent */
async function read(
  client: KubeClient,
  environments: readonly string[],
  namespace?: string,
): Promise<EnvironmentStatus[]> {
  const list = async (apiVersion: string, kind: string, query: Partial<ListQuery> = {}) => {
    const of = { apiVersion, kind, ...(namespace ? { namespace } : {}), ...query };
    return byNamespace((await client.list(of)).items);
  };
  const [namespaces, deployments, statefulSets, daemonSets, replicaSets, pods, events, secrets, leases] =
    await Promise.all([
      namespace
        ? client
            .get({ apiVersion: 'v1', kind: 'Namespace', name: namespace })
            .then((live) => (live ? [live] : []))
        : client.list({ apiVersion: 'v1', kind: 'Namespace' }).then(({ items }) => items),
      list('apps/v1', 'Deployment'),
      list('apps/v1', 'StatefulSet'),
      list('apps/v1', 'DaemonSet'),
      list('apps/v1', 'ReplicaSet'),
      list('v1', 'Pod'),
      list('v1', 'Event'),
      list('v1', 'Secret', { labelSelector: `${recordLabel}=true` }),
      list('coordination.k8s.io/v1', 'Lease', { fieldSelector: `metadata.name=${leaseName}` }),
    ]);
  const there = new Set(namespaces.map(({ metadata }) => metadata.name));
  const isWaiting = environments.some((environment) =>
    pods(environment).some((pod) => unschedulableOf(pod) !== undefined),
  );
  const nodes = isWaiting ? await readNodes(client) : undefined;
  const now = client.now();
  return environments.map((environment) => {
    const workloads = [...deployments(environment), ...statefulSets(environment), ...daemonSets(environment)];
    const observed: Observed = {
      workloads,
      replicaSets: replicaSets(environment),
      pods: pods(environment),
      events: events(environment),
      ...(nodes ? { nodes } : {}),
    };
    const services = workloads.map((workload): ServiceStatus => serviceStatus(workload, observed, now));
    const holder = holderOf(leases(environment)[0], now);
    const [lastRecord] = recordsIn(secrets(environment));
    return {
      environment,
      exists: there.has(environment),
      services: services.sort((one, other) => (one.name < other.name ? -1 : 1)),
      ...(lastRecord ? { lastRecord } : {}),
      ...(holder ? { deploying: { holder: holder.holder, since: holder.since } } : {}),
    };
  });
}

function byNamespace(items: readonly LiveObject[]): (namespace: string) => LiveObject[] {
  const found = new Map<string, LiveObject[]>();
  for (const item of items) {
    const namespace = item.metadata.namespace ?? '';
    const others = found.get(namespace);
    if (others) others.push(item);
    else found.set(namespace, [item]);
  }
  return (namespace) => found.get(namespace) ?? [];
}

function serviceStatus(workload: LiveObject, observed: Observed, now: Date): ServiceStatus {
  const { template } = (workload.spec ?? {}) as {
    template?: { spec?: { containers?: { image: string }[] } };
  };
  return {
    name: serviceOf(workload),
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
