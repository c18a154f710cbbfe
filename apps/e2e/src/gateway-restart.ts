import { until } from '@berth/exec/src/testing-until';
import type { KubeClient } from '@berth/kube';
import { untilReady } from './cluster';
import { nginxProcesses } from './gateway';

export const gateway = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'admin', name: 'gateway' };

const gatewayPods = {
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: 'admin',
  labelSelector: 'app.kubernetes.io/name=gateway',
};

interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
}

/**
 * Restarts the gateway as `kubectl rollout restart` does, and waits until nginx of its old pods ends: it has closed what
 * was idle, and takes no connection any more.
 * @param annotations of its pods; without one, the last is taken back
 */
export async function restartGateway(
  client: KubeClient,
  annotations?: Record<string, string>,
): Promise<void> {
  const before = new Set(nginxProcesses().map(({ pid }) => pid));
  const { apiVersion, kind, ...metadata } = gateway;
  const spec = annotations ? { spec: { template: { metadata: { annotations } } } } : {};
  await client.apply({ apiVersion, kind, metadata, ...spec }, { fieldManager: 'berth-e2e' });
  await untilReady(client, 'admin');
  const serving = () =>
    nginxProcesses().filter(({ pid, title }) => before.has(pid) && title === 'nginx: worker process');
  await until(serving, ({ length }) => length === 0, 60_000);
}

/** How often nginx was started again in the pods of the gateway, and whether all are ready: as the API server knows it. */
export async function nginxStarts(client: KubeClient): Promise<{ restarts: number; areReady: boolean }> {
  const { items } = await client.list(gatewayPods);
  const nginx = items
    .flatMap(({ status }) => (status as { containerStatuses?: ContainerStatus[] }).containerStatuses ?? [])
    .filter(({ name }) => name === 'gateway');
  const restarts = nginx.reduce((sum, { restartCount }) => sum + restartCount, 0);
  return { restarts, areReady: nginx.every(({ ready }) => ready) };
}

/** When each pod of the gateway was told to end that has been told since: milliseconds since 1970, whole seconds. */
export function watchEnds(client: KubeClient): { told: ReadonlyMap<string, number>; close: () => void } {
  const told = new Map<string, number>();
  const watch = client.watch(gatewayPods, {
    onChange: () => {
      for (const { metadata } of watch.items()) {
        const { name, deletionTimestamp, deletionGracePeriodSeconds } = metadata;
        if (!deletionTimestamp || told.has(name)) continue;
        told.set(name, Date.parse(deletionTimestamp) - Number(deletionGracePeriodSeconds) * 1000);
      }
    },
  });
  return { told, close: () => watch.close() };
}
