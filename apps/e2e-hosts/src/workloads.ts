import { until } from '@berth/exec/src/testing-until';
import type { KubeClient, LiveObject } from '@berth/kube';
import { unreadyWorkloads } from '@berth/kube/src/testing-workloads';

interface WithConditions extends LiveObject {
  status: { conditions?: { type: string; status: string }[] };
}

export interface Pod extends WithConditions {
  spec: { nodeName?: string };
}

export interface Node extends WithConditions {
  spec: { taints?: object[] };
}

export async function podsOf(client: KubeClient, namespace: string): Promise<Pod[]> {
  return (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace })).items as Pod[];
}

export async function nodesOf(client: KubeClient): Promise<Node[]> {
  return (await client.list({ apiVersion: 'v1', kind: 'Node' })).items as Node[];
}

export function isReady({ status }: WithConditions): boolean {
  return status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}

/** Ready, and not about to end. */
export function isServing(pod: Pod): boolean {
  return !pod.metadata.deletionTimestamp && isReady(pod);
}

export function serviceOf({ metadata }: Pod): string {
  return metadata.labels?.['app.kubernetes.io/name'] ?? '';
}

/** Until every pod that the environment wants is ready, and of the newest spec. */
export async function untilReady(client: KubeClient, namespace: string): Promise<void> {
  await until(
    () => unreadyWorkloads(client, namespace),
    (left) => left.length === 0,
    180_000,
  );
}
