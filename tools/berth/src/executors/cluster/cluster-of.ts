import { homedir } from 'node:os';
import { posix } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { clusterProvider, type ClusterProvider } from '@berth/clusters';
import { ProcessRunner } from '@berth/exec';
import { UserError, type Cluster } from '@berth/model';
import { refuseAccountAlone } from '../../cluster/account-alone';
import { isSwarmAlone, SwarmCluster } from '../../cluster/swarm-cluster';
import { readOptions } from '../../options';
import { quietAws } from '../../quiet-aws';
import { filesOnDisk } from '../../workspace/files';
import { readCluster } from '../../workspace/models';

export interface ClusterOptions {
  dryRun?: boolean;
  json?: string;
  force?: boolean;
  confirm?: string;
}

/** Undefined when the plugin's options are wrong, which the targets say that go by them. */
function registryOf({ nxJsonConfiguration }: ExecutorContext): string | undefined {
  try {
    return readOptions(nxJsonConfiguration).registry;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/**
 * The cluster of the project that the target runs for, and who provides it.
 * @param signal ends the programs that the provider runs
 * @throws UserError when there is none, or its cluster.json names an account of AWS alone
 */
export function clusterOf(
  context: ExecutorContext,
  signal?: AbortSignal,
): { cluster: Cluster; provider: ClusterProvider } {
  const root = context.projectsConfigurations.projects[context.projectName ?? '']?.root ?? '';
  const cluster = readCluster(filesOnDisk(context.root), posix.basename(root), { local: true });
  refuseAccountAlone(cluster);
  quietAws();
  if (isSwarmAlone(cluster)) return { cluster, provider: new SwarmCluster() };
  return {
    cluster,
    provider: clusterProvider(cluster.provider, {
      runner: new ProcessRunner(signal && { signal }),
      workspace: context.root,
      home: homedir(),
      registry: registryOf(context),
    }),
  };
}
