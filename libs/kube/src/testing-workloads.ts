/* Only tests use this. */
import type { KubeClient } from './client';
import type { LiveObject } from './object';

/** A Deployment or StatefulSet. */
export interface Workload extends LiveObject {
  spec: { replicas?: number };
  status: {
    observedGeneration?: number;
    readyReplicas?: number;
    updatedReplicas?: number;
    replicas?: number;
  };
}

/** Deployments and StatefulSets of an environment. */
export async function workloads(client: KubeClient, namespace: string): Promise<Workload[]> {
  const lists = await Promise.all(
    ['Deployment', 'StatefulSet'].map((kind) => client.list({ apiVersion: 'apps/v1', kind, namespace })),
  );
  return lists.flatMap(({ items }) => items) as Workload[];
}

/** Those of which not every pod that is wanted is ready, and of the newest spec. */
export async function unreadyWorkloads(
  client: KubeClient,
  namespace: string,
): Promise<{ name: string; status: Workload['status'] }[]> {
  return (await workloads(client, namespace))
    .filter(({ metadata, spec: { replicas = 1 }, status }) => {
      const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, replicas: all = 0 } = status;
      const seen = observedGeneration >= (metadata.generation ?? 0);
      return !seen || readyReplicas < replicas || updatedReplicas < replicas || all > replicas;
    })
    .map(({ metadata, status }) => ({ name: metadata.name, status }));
}
