import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient, LiveObject } from '@berth/kube';
import { notDeployed, refuseUnknownService } from '../deployed';
import { memberSelector, serviceLabel } from './names';

/** What runs services. */
const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * The workloads of an environment's services, as deploys have made them.
 * @param services of these alone; all when absent
 * @throws UserError when the environment is not deployed, or one of them is no service of it
 */
export async function workloadsOf(
  client: KubeClient,
  environment: string,
  services?: readonly string[],
): Promise<LiveObject[]> {
  const namespace = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment });
  if (!namespace) throw notDeployed(environment);
  const all = await listWorkloads(client, environment);
  if (all.length === 0) throw notDeployed(environment);
  const names = [...new Set(all.map(serviceOf))].sort();
  refuseUnknownService(environment, services, names);
  return all.filter((workload) => !services || services.includes(serviceOf(workload)));
}

/** What deploys have made of the environment's services; none when it is not deployed. */
export async function listWorkloads(client: KubeClient, environment: string): Promise<LiveObject[]> {
  const labelSelector = memberSelector(environment);
  const lists = await Promise.all(
    kinds.map((kind) => client.list({ apiVersion: 'apps/v1', kind, namespace: environment, labelSelector })),
  );
  return lists.flatMap(({ items }) => items);
}

/** The service that an object belongs to. */
export function serviceOf({ metadata }: Pick<KubernetesObject, 'metadata'>): string {
  return metadata.labels?.[serviceLabel] ?? metadata.name;
}
