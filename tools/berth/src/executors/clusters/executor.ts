import { homedir } from 'node:os';
import type { ExecutorContext } from '@nx/devkit';
import { clusterProvider } from '@berth/clusters';
import { interruptible, ProcessRunner } from '@berth/exec';
import type { ProviderName } from '@berth/model';
import { isAccountAlone } from '../../cluster/account-alone';
import { isSwarmAlone, SwarmCluster } from '../../cluster/swarm-cluster';
import { quietAws } from '../../quiet-aws';
import { writeResult } from '../../result-file';
import { filesOnDisk } from '../../workspace/files';
import { clusterNames, readCluster } from '../../workspace/models';
import { columns } from '../columns';
import { withUserErrors } from '../user-errors';
import { clustersFound, type ClusterRow, type Place } from './clusters-found';

export interface ClustersOptions {
  provider?: ProviderName;
  project?: string;
  region?: string;
  profile?: string;
  gcloud?: 'image' | 'path';
  json?: string;
}

/** Lists the clusters of the workspace with their states, and those that Berth made and no cluster.json names. */
export default function clusters(options: ClustersOptions, context: ExecutorContext) {
  return withUserErrors(() =>
    interruptible(
      async (signal) => {
        const dependencies = {
          runner: new ProcessRunner({ signal }),
          workspace: context.root,
          home: homedir(),
        };
        quietAws();
        const files = filesOnDisk(context.root);
        const { provider, json, ...where } = options;
        const asked: Place[] = provider === undefined ? [] : [{ provider, where }];
        const { rows, problems } = await clustersFound(
          clusterNames(files)
            .map((name) => readCluster(files, name))
            // Nothing of it runs but environments, and these have a status of their own.
            .filter((cluster) => !isAccountAlone(cluster)),
          asked,
          (name, cluster) =>
            cluster && isSwarmAlone(cluster) ? new SwarmCluster() : clusterProvider(name, dependencies),
        );
        if (rows.length === 0 && problems.length === 0) console.log('There is no cluster.');
        else if (rows.length > 0)
          for (const line of columns([heading, ...rows.map(cells)])) console.log(line);
        for (const problem of problems) console.error(problem);
        writeResult(context.root, json, { clusters: rows, problems });
        return problems.length === 0;
      },
      { byPrograms: true },
    ),
  );
}

const heading = ['CLUSTER', 'PROVIDER', 'WHERE', 'NODES', 'STATE', 'FOLDER'];

function cells({ name, provider, place, nodes, state, folder }: ClusterRow): string[] {
  return [name, provider, place || '-', nodes === undefined ? '-' : String(nodes), state, folder ?? '-'];
}
