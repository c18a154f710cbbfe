import type { KubeClient } from '@berth/kube';
import { NAME_LABEL } from '@berth/manifests';
import { UserError } from '@berth/model';
import { askTasks, type DockerClient } from '@berth/orchestrators';
import type { ServedRoutes } from '@berth/routes';
import { gateway } from '../../environment/gateway';

/** One pod of the gateway, and what it serves or why that is not known. */
export type GatewayRow = { pod: string; served: ServedRoutes } | { pod: string; failure: UserError };

/** Milliseconds that a pod may take to answer. */
const PATIENCE_MS = 10_000;

/**
 * Asks every pod of the cluster's gateway through the API server, by name order: each has a table of its own. Needs the
 * rights to list pods and to get pods/proxy, in the gateway's namespace alone.
 * @throws UserError when there is no gateway, or no pod of it answers
 */
export async function readGateways(
  client: Pick<KubeClient, 'list' | 'askPod'>,
  namespace: string = gateway.environment,
): Promise<GatewayRow[]> {
  const { service, statusPort: port } = gateway;
  const labelSelector = `${NAME_LABEL}=${service}`;
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  const pods = items
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.name);
  if (pods.length === 0) {
    throw new UserError(`The namespace ${namespace} has no pod of the gateway.`, `nx deploy ${namespace}`);
  }
  const rows = await Promise.all(
    pods.sort().map(async (pod): Promise<GatewayRow> => {
      try {
        const question = { port, path: '/routes', onceWithinMs: PATIENCE_MS };
        const served = await client.askPod<ServedRoutes>(namespace, pod, question);
        return { pod, served };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { pod, failure: error };
      }
    }),
  );
  refuseSilence(rows, namespace);
  return rows;
}

/**
 * Asks every task of a Swarm's gateway in its container.
 * @throws UserError as readGateways does
 */
export async function readSwarmGateways(client: DockerClient, environment: string): Promise<GatewayRow[]> {
  const { service, statusPort: port } = gateway;
  const answers = await askTasks<ServedRoutes>(client, environment, service, { port, path: '/routes' });
  if (answers.length === 0)
    throw new UserError(`${environment} has no task of the gateway that runs.`, `nx status ${environment}`);
  const rows = answers.map(({ task, ...row }): GatewayRow =>
    'answer' in row ? { pod: task, served: row.answer } : { pod: task, failure: row.failure },
  );
  refuseSilence(rows, environment);
  return rows;
}

function refuseSilence(rows: readonly GatewayRow[], environment: string): void {
  const [first] = rows;
  if (first && 'failure' in first && rows.every((row) => 'failure' in row)) {
    const { message, hint } = first.failure;
    throw new UserError(`No pod of the gateway answers. ${message}`, hint ?? `nx status ${environment}`);
  }
}

/** What of it belongs to one environment. */
export function ofEnvironment(rows: readonly GatewayRow[], environment: string): GatewayRow[] {
  return rows.map((row) => {
    if ('failure' in row) return row;
    const { routes, refused, ...rest } = row.served;
    const served = {
      ...rest,
      routes: Object.fromEntries(
        Object.entries(routes).filter(([, route]) => route.environment === environment),
      ),
      refused: refused.filter(({ service }) => service.namespace === environment),
    };
    return { pod: row.pod, served };
  });
}
