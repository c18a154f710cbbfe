import type { KubernetesObject } from '@berth/manifests';
import { nearestName, UserError } from '@berth/model';
import type { KubeClient, LiveObject } from '@berth/kube';
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
  const unknown = services?.find((service) => !names.includes(service));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, names);
    throw new UserError(
      `${environment} runs no service "${unknown}"${nearest ? `; did you mean "${nearest}"?` : '.'}`,
      `It runs ${names.join(', ')}.`,
    );
  }
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

function notDeployed(environment: string): UserError {
  return new UserError(`${environment} runs no service: it is not deployed.`, `nx deploy ${environment}`);
}
