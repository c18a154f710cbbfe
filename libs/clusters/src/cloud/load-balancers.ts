import { existsSync } from 'node:fs';
import { UserError, type Cluster } from '@berth/model';
import { contextOf, KubeClient, type KubeconfigContext, type ObjectReference } from '@berth/kube';
import { kubeconfigPath } from '../bare-metal/control-plane/credentials';
import type { Step } from '../provider';
import { follow, type Patience } from './poll';

/** Milliseconds without an answer after which a cluster counts as not to be asked. */
const IDLE_MS = 10_000;

/** What is asked of the API server. */
export type Kube = Pick<KubeClient, 'list' | 'get' | 'delete' | 'close'>;
export type Connect = (context: KubeconfigContext) => Kube;

/** The objects for which a cloud keeps a load balancer, which costs money also when the cluster is gone. */
interface Found {
  objects: ObjectReference[];
  /** Why nobody can say. */
  unknown?: string;
}

/**
 * The step that lets the cluster give its load balancers back, which only it knows all of; undefined when it has none.
 * A cluster that cannot be asked is destroyed nevertheless, and what it may leave is said.
 */
export async function loadBalancersStep(
  cluster: Cluster,
  workspace: string,
  patience: Patience,
  connect: Connect = connectTo,
): Promise<Step | undefined> {
  const open = () => connect(contextOf(cluster, workspace));
  const { objects, unknown } = existsSync(kubeconfigPath(cluster, workspace))
    ? await found(open)
    : { objects: [], unknown: `there is no ${cluster.kubeconfig} (nx credentials cluster-${cluster.name})` };
  if (unknown !== undefined) {
    const reason = `the cluster could not be asked for its load balancers: ${unknown}`;
    return {
      title: 'Load balancers of the cluster',
      details: [reason, 'see afterwards that none is left'],
      run: async (log) => log(reason),
    };
  }
  if (objects.length === 0) return undefined;
  return {
    title: 'Load balancers of the cluster',
    details: objects.map((object) => `delete ${nameOf(object)}`),
    run: async (_, progress = () => undefined) => {
      const client = open();
      try {
        for (const object of objects) await client.delete(object, { propagation: 'Foreground' });
        await follow<string[]>(
          {
            what: `Giving back the load balancers of ${cluster.name}`,
            ask: async () => {
              const live = await Promise.all(objects.map((object) => client.get(object)));
              return objects.filter((_object, index) => live[index] !== undefined).map(nameOf);
            },
            describe: (left) => (left.length > 0 ? `waiting for ${left.join(', ')}` : 'all are gone'),
            isDone: (left) => left.length === 0,
            isPassing: (error) => error instanceof UserError,
          },
          progress,
          patience,
        );
      } finally {
        client.close();
      }
    },
  };
}

async function found(open: () => Kube): Promise<Found> {
  let client: Kube | undefined;
  try {
    client = open();
    const services = await client.list({ apiVersion: 'v1', kind: 'Service' });
    const ingresses = await client.list({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' });
    const balanced = services.items.filter(
      ({ spec }) => (spec as { type?: string })?.type === 'LoadBalancer',
    );
    return {
      objects: [
        ...balanced.map(({ metadata }) => ({ apiVersion: 'v1', kind: 'Service', ...placed(metadata) })),
        ...ingresses.items.map(({ metadata }) => ({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          ...placed(metadata),
        })),
      ],
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { objects: [], unknown: error.message };
  } finally {
    client?.close();
  }
}

function placed({ name, namespace }: { name: string; namespace?: string }): {
  name: string;
  namespace?: string;
} {
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}

function connectTo(context: KubeconfigContext): Kube {
  return KubeClient.from(context, { idleMs: IDLE_MS, onRetry: () => undefined });
}

function nameOf({ kind, namespace, name }: ObjectReference): string {
  return `${kind.toLowerCase()}/${name}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
