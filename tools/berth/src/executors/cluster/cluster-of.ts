import { homedir } from 'node:os';
import { posix } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { clusterProvider, type ClusterProvider } from '@berth/clusters';
import { ProcessRunner } from '@berth/exec';
import type { Cluster } from '@berth/model';
import { filesOnDisk } from '../../workspace/files';
import { readCluster } from '../../workspace/models';

export interface ClusterOptions {
  dryRun?: boolean;
  json?: string;
  force?: boolean;
  confirm?: string;
}

/**
 * The cluster of the project that the target runs for, and who provides it.
 * @param signal ends the programs that the provider runs
 */
export function clusterOf(
  context: ExecutorContext,
  signal?: AbortSignal,
): { cluster: Cluster; provider: ClusterProvider } {
  const root = context.projectsConfigurations.projects[context.projectName ?? '']?.root ?? '';
  const cluster = readCluster(filesOnDisk(context.root), posix.basename(root), { local: true });
  return {
    cluster,
    provider: clusterProvider(cluster.provider, {
      runner: new ProcessRunner(signal && { signal }),
      workspace: context.root,
      home: homedir(),
    }),
  };
}
