import { resolve } from 'node:path';
import { KubeClient } from '@berth/kube';
import type { Cluster } from '@berth/model';
import { readCluster as readReport } from '../../cluster/cluster-status';
import { gateway, gatewayOf } from '../../environment/gateway';
import { clusterLines } from './status-lines';
import type { ClusterPart, StatusQuestion } from './status-part';
import { reachOf } from './status-reach';

/** @throws UserError when the cluster cannot be read */
export async function kubernetesPart(question: StatusQuestion): Promise<ClusterPart> {
  const { cluster, workspace, projects, root } = question;
  const own = gatewayOf({ ...workspace, projects }, { cluster: cluster.name, orchestrator: 'kubernetes' });
  const namespace = own?.environment.name ?? gateway.environment;
  const report = await ask(cluster, root, namespace);
  const reach = await reachOf(question, 'kubernetes', report.gateway);
  const lines = clusterLines({
    ...{ report, ...reach, file: `${cluster.root}/cluster.json` },
    ...(own && { gatewayEnvironment: namespace }),
  });
  return { lines, result: { ...report, ...reach } };
}

async function ask(cluster: Cluster, root: string, namespace: string) {
  const kubeconfig = resolve(root, cluster.kubeconfig);
  const client = KubeClient.from({ kubeconfig, context: cluster.context }, { onRetry: () => undefined });
  try {
    return await readReport(client, cluster, { kubeconfig, namespace, service: gateway.service });
  } finally {
    client.close();
  }
}
