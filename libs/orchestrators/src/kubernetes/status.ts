import type { EnvironmentStatus, ServiceStatus, StatusOptions } from '@berth/deploy';
import { ApiError, type KubeClient, type ListQuery, type LiveObject } from '@berth/kube';
import { judge, type Observed } from './health';
import { holderOf } from './lease';
import { leaseName, recordLabel } from './names';
import { readNodes } from './nodes';
import { recordsIn } from './records';
import { serviceStatus } from './service-status';
import { unschedulableOf } from './signs';

/** From so many environments on, lists of the whole cluster are less work than lists of each namespace. */
const many = 8;

/** How an environment is now. Changes nothing. */
export async function status(client: KubeClient, environment: string): Promise<EnvironmentStatus> {
  const [found] = await read(client, [environment], { namespace: environment });
  return found as EnvironmentStatus;
}

/** How several environments are now; one that cannot be read does not keep the others. In their order. */
export async function statuses(
  client: KubeClient,
  environments: readonly string[],
  options: StatusOptions = {},
): Promise<PromiseSettledResult<EnvironmentStatus>[]> {
  if (environments.length >= many) {
    try {
      const found = await read(client, environments, options);
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
  { namespace, pods = true }: StatusOptions & { namespace?: string },
): Promise<EnvironmentStatus[]> {
  const { there, workloadsOf, secretsOf, leaseOf } = await readWorkloads(client, namespace);
  const now = client.latest();
  const asked = environments.filter((environment) => pods || workloadsOf(environment).some(isUnclear(now)));
  const observedOf = await readPods(client, asked, namespace);
  return environments.map((environment) => {
    const workloads = workloadsOf(environment);
    const observed: Observed = { workloads, ...observedOf(environment) };
    const services = workloads.map((workload): ServiceStatus =>
      serviceStatus(workload, observed, new Map(), now),
    );
    const holder = holderOf(leaseOf(environment), client.now());
    const [lastRecord] = recordsIn(secretsOf(environment));
    return {
      environment,
      exists: there.has(environment),
      services: services.sort((one, other) => (one.name < other.name ? -1 : 1)),
      ...(lastRecord ? { lastRecord } : {}),
      ...(holder ? { deploying: { holder: holder.holder, since: holder.since } } : {}),
    };
  });
}

/** What there is, but for pods and what has made them. */
async function readWorkloads(client: KubeClient, namespace: string | undefined) {
  const list = listsOf(client, namespace);
  const [namespaces, deployments, statefulSets, daemonSets, secretsOf, leases] = await Promise.all([
    namespace
      ? client
          .get({ apiVersion: 'v1', kind: 'Namespace', name: namespace })
          .then((live) => (live ? [live] : []))
      : client.list({ apiVersion: 'v1', kind: 'Namespace' }).then(({ items }) => items),
    list('apps/v1', 'Deployment'),
    list('apps/v1', 'StatefulSet'),
    list('apps/v1', 'DaemonSet'),
    list('v1', 'Secret', { labelSelector: `${recordLabel}=true` }),
    list('coordination.k8s.io/v1', 'Lease', { fieldSelector: `metadata.name=${leaseName}` }),
  ]);
  return {
    there: new Set(namespaces.map(({ metadata }) => metadata.name)),
    workloadsOf: (environment: string) =>
      [deployments, statefulSets, daemonSets].flatMap((each) => each(environment)),
    secretsOf,
    leaseOf: (environment: string) => leases(environment)[0],
  };
}

/** Whether its pods must be asked: it is not healthy, or has a container that only runs, which says little. */
function isUnclear(now: Date): (workload: LiveObject) => boolean {
  const nothing = { workloads: [], replicaSets: [], pods: undefined, events: [] };
  return (workload) => {
    const { template } = (workload.spec ?? {}) as {
      template?: { spec?: { containers?: { readinessProbe?: object }[] } };
    };
    const probed = (template?.spec?.containers ?? []).every(({ readinessProbe }) => readinessProbe);
    return !probed || judge(workload, nothing, new Map(), now.getTime()).state !== 'healthy';
  };
}

/** Of these environments, what their pods say. @param namespace the only one of them */
async function readPods(
  client: KubeClient,
  environments: readonly string[],
  namespace: string | undefined,
): Promise<(environment: string) => Omit<Observed, 'workloads'>> {
  const nothing = { replicaSets: [], pods: undefined, events: [] };
  if (environments.length === 0) return () => nothing;
  const namespaces = namespace || environments.length >= many ? [namespace] : environments;
  const lists = await Promise.all(
    namespaces.map(async (each) => {
      const list = listsOf(client, each);
      const [replicaSets, pods, events] = await Promise.all([
        list('apps/v1', 'ReplicaSet'),
        list('v1', 'Pod'),
        list('v1', 'Event'),
      ]);
      return { replicaSets, pods, events };
    }),
  );
  const of = (kind: keyof typeof nothing, environment: string) =>
    lists.flatMap((each) => each[kind](environment));
  const isWaiting = environments.some((environment) =>
    of('pods', environment).some((pod) => unschedulableOf(pod) !== undefined),
  );
  const nodes = isWaiting ? await readNodes(client) : undefined;
  const asked = new Set(environments);
  return (environment) =>
    asked.has(environment)
      ? {
          replicaSets: of('replicaSets', environment),
          pods: of('pods', environment),
          events: of('events', environment),
          ...(nodes ? { nodes } : {}),
        }
      : nothing;
}

/** Lists a kind, by namespace. */
function listsOf(client: KubeClient, namespace: string | undefined) {
  return async (apiVersion: string, kind: string, query: Partial<ListQuery> = {}) => {
    const of = { apiVersion, kind, ...(namespace ? { namespace } : {}), ...query };
    return byNamespace((await client.list(of)).items);
  };
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
