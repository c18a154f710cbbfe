import { join, resolve } from 'node:path';
import { NODE_ADDRESS } from '@berth/clusters';
import { listProcesses, type ProcessEntry } from '@berth/exec';
import { until } from '@berth/exec/src/testing-until';
import { KubeClient } from '@berth/kube';
import { unreadyWorkloads, workloads } from '@berth/kube/src/testing-workloads';

/** The workspace that is tested. */
export const workspace = resolve(__dirname, '../../..');

/** The local cluster, by its own kubeconfig; the shell's current context is never used. */
export function localCluster(): KubeClient {
  return KubeClient.from({
    kubeconfig: join(workspace, 'deploy/clusters/local/kubeconfig'),
    context: 'berth-local',
  });
}

/**
 * The process of its API server; undefined while there is none. Those of benchmarks are started by their path, those of
 * hosts made of namespaces have other addresses.
 */
export function apiServer(): ProcessEntry | undefined {
  return listProcesses().find(
    ({ argv }) => argv[0] === 'kube-apiserver' && argv.includes(`--advertise-address=${NODE_ADDRESS}`),
  );
}

/** By name, the generation of each workload's spec: it grows with every change. */
export async function generations(client: KubeClient, namespace: string): Promise<Record<string, number>> {
  const found = await workloads(client, namespace);
  return Object.fromEntries(found.map(({ metadata }) => [metadata.name, metadata.generation ?? 0]));
}

/** Until every pod that the environment wants is ready, and of the newest spec. */
export async function untilReady(client: KubeClient, namespace: string): Promise<void> {
  await until(
    () => unreadyWorkloads(client, namespace),
    (left) => left.length === 0,
    180_000,
  );
}

/** Deletes every pod of the environment, and waits until each of them is gone and replaced. */
export async function replaceAllPods(client: KubeClient, namespace: string): Promise<void> {
  const pods = async () => (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace })).items;
  const before = await pods();
  const old = new Set(before.map(({ metadata }) => metadata.uid));
  for (const { metadata } of before) {
    const { name, uid } = metadata;
    await client.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name }, { ...(uid && { uid }) });
  }
  const left = async () =>
    (await pods()).filter(({ metadata }) => old.has(metadata.uid)).map(({ metadata }) => metadata.name);
  await until(left, (names) => names.length === 0, 120_000);
  await untilReady(client, namespace);
}
