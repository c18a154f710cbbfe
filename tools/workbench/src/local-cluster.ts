import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterProvider, type ClusterProvider } from '@berth/clusters';
import { ProcessRunner } from '@berth/exec';
import { parseCluster, type Cluster } from '@berth/model';

const folder = 'deploy/clusters/local';

/** The cluster of deploy/clusters/local and who provides it. */
export function localCluster(root: string): { cluster: Cluster; provider: ClusterProvider } {
  const file = `${folder}/cluster.json`;
  const cluster = parseCluster(readFileSync(join(root, file), 'utf8'), { name: 'local', root: folder });
  return {
    cluster,
    provider: clusterProvider(cluster.provider, { runner: new ProcessRunner(), workspace: root }),
  };
}
