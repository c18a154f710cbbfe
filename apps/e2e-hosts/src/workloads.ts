import type { KubeClient, LiveObject } from '@berth/kube';
import { until } from './until';

interface WithConditions extends LiveObject {
  status: { conditions?: { type: string; status: string }[] };
}

export interface Pod extends WithConditions {
  spec: { nodeName?: string };
}

export interface Node extends WithConditions {
  spec: { taints?: object[] };
}

interface Workload extends LiveObject {
  spec: { replicas?: number };
  status: {
    observedGeneration?: number;
    readyReplicas?: number;
    updatedReplicas?: number;
    replicas?: number;
  };
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
  const waiting = async () => {
    const lists = await Promise.all(
      ['Deployment', 'StatefulSet'].map((kind) => client.list({ apiVersion: 'apps/v1', kind, namespace })),
    );
    return (lists.flatMap(({ items }) => items) as Workload[])
      .filter(({ metadata, spec: { replicas = 1 }, status }) => {
        const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, replicas: all = 0 } = status;
        const seen = observedGeneration >= (metadata.generation ?? 0);
        return !seen || readyReplicas < replicas || updatedReplicas < replicas || all > replicas;
      })
      .map(({ metadata, status }) => ({ name: metadata.name, status }));
  };
  await until(waiting, (left) => left.length === 0, 180_000);
}
