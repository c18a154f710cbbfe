import type { KubeClient, LiveObject } from '@berth/kube';

interface NodeFields {
  status?: { allocatable?: Record<string, string> };
}

/**
 * Why no node can ever take a pod, not even an empty one; the answer is undefined when one may. Undefined itself when
 * the nodes may not be read, as with a namespace's own credentials, or when there are none.
 */
export async function readNodes(
  client: KubeClient,
): Promise<((pod: LiveObject) => string | undefined) | undefined> {
  const list = await client.list({ apiVersion: 'v1', kind: 'Node' }).catch(() => undefined);
  return list && list.items.length > 0 ? (pod) => noNode(pod, list.items) : undefined;
}

/** See `readNodes`. Only room and labels are looked at: taints and affinity may be meant for nodes that come and go. */
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

const units: Record<string, number> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  '': 1,
};

/** A Kubernetes quantity as a number; what is not there or not understood is `unknown`. */
export function quantity(text: string | undefined, unknown = Infinity): number {
  const match = /^([0-9.]+)(m|[kMGT]|[KMGT]i|)$/.exec(text ?? '');
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : unknown;
}
