import { contextOf, KubeClient } from '@berth/kube';
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
  const context = contextOf(cluster, root);
  const client = KubeClient.from(context, { onRetry: () => undefined });
  try {
    return await readReport(client, cluster, {
      kubeconfig: context.kubeconfig,
      namespace,
      service: gateway.service,
    });
  } finally {
    client.close();
  }
}
