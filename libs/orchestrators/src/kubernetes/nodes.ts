import type { KubeClient, LiveObject } from '@berth/kube';

interface NodeFields {
  spec?: { unschedulable?: boolean };
  status?: { allocatable?: Record<string, string> };
}

/**
 * Whether a pod's requests fit an empty node. Undefined when the nodes may not be read, as with a namespace's own
 * credentials, or when there are none.
 */
export async function readNodes(client: KubeClient): Promise<((pod: LiveObject) => boolean) | undefined> {
  const list = await client.list({ apiVersion: 'v1', kind: 'Node' }).catch(() => undefined);
  const nodes = (list?.items ?? []) as (LiveObject & NodeFields)[];
  if (nodes.length === 0) return undefined;
  const room = nodes.map(({ status }) => ({
    cpu: quantity(status?.allocatable?.cpu),
    memory: quantity(status?.allocatable?.memory),
  }));
  return (pod) => {
    const { cpu, memory } = requestsOf(pod);
    return room.some((node) => cpu <= node.cpu && memory <= node.memory);
  };
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

/** A Kubernetes quantity as a number; what is not understood is `unknown`. */
export function quantity(text: string | undefined, unknown = text === undefined ? Infinity : 0): number {
  const match = /^([0-9.]+)(m|[kMGT]|[KMGT]i|)$/.exec(text ?? '');
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : unknown;
}
