import type { KubeClient, LiveObject } from '@berth/kube';
import { quantity } from './quantity';

interface NodeFields {
  status?: { allocatable?: Record<string, string> };
}

/** What is known of a cluster's nodes. */
export interface Nodes {
  /** Why none of them can ever take a pod, not even an empty one; undefined when one may, or when nothing is known. */
  noNode: (pod: LiveObject) => string | undefined;
  /** Whether something adds nodes for pods that none takes. */
  autoscaled: boolean;
}

/** Nothing is known of nodes that may not be read, as with a namespace's own credentials, or where there are none. */
export async function readNodes(client: KubeClient): Promise<Nodes> {
  const [list, status, karpenter] = await Promise.all([
    client.list({ apiVersion: 'v1', kind: 'Node' }).catch(() => undefined),
    // cluster-autoscaler keeps it, that of GKE too.
    client
      .get({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: 'cluster-autoscaler-status',
        namespace: 'kube-system',
      })
      .catch(() => undefined),
    client.preferredVersion('karpenter.sh').catch(() => undefined),
  ]);
  const items = list?.items ?? [];
  return {
    noNode: (pod) => (items.length > 0 ? noNode(pod, items) : undefined),
    autoscaled: status !== undefined || karpenter !== undefined,
  };
}

/** See `Nodes`. Only room and labels are looked at: taints and affinity may be meant for nodes that come and go. */
export function noNode(pod: LiveObject, nodes: readonly LiveObject[]): string | undefined {
  const { nodeSelector = {} } = pod.spec as { nodeSelector?: Record<string, string> };
  const selector = Object.entries(nodeSelector);
  const chosen = (nodes as readonly (LiveObject & NodeFields)[]).filter(({ metadata }) =>
    selector.every(([label, value]) => metadata.labels?.[label] === value),
  );
  if (chosen.length === 0)
    return `no node has the labels ${selector.map(([label, value]) => `${label}=${value}`).join(', ')}`;
  const { cpu, memory } = requestsOf(pod);
  // What is not understood is taken for room.
  const room = ({ status }: NodeFields, resource: string) => quantity(status?.allocatable?.[resource]);
  return chosen.some((node) => cpu <= room(node, 'cpu') && memory <= room(node, 'memory'))
    ? undefined
    : `its requests are more than any ${selector.length > 0 ? 'such ' : ''}node has`;
}

function requestsOf(pod: LiveObject): { cpu: number; memory: number } {
  const { containers = [] } = pod.spec as {
    containers?: { resources?: { requests?: Record<string, string> } }[];
  };
  const sum = (resource: string) =>
    containers.reduce((total, { resources }) => total + quantity(resources?.requests?.[resource], 0), 0);
  return { cpu: sum('cpu'), memory: sum('memory') };
}
