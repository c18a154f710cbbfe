import type { ExecutorContext } from '@nx/devkit';
import { isChecking } from '@berth/clusters';
import { kubectlOf } from '@berth/kube';
import { isSwarmAlone } from '../../cluster/swarm-cluster';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { clusterOf, type ClusterOptions } from './cluster-of';

/** Writes the kubeconfig that cluster.json names; of a cluster that somebody else made it says where that is. */
export default function credentials(options: ClusterOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    const { cluster, provider } = clusterOf(context);
    const { kubeconfig, context: name } = cluster;
    if (isChecking(provider)) {
      console.log(provider.whereCredentialsAre(cluster));
      console.log(`\n  ${provider.howToLook(cluster)}`);
    } else if (options.dryRun) {
      console.log(`Would write ${kubeconfig} with the context ${name}.`);
    } else {
      await provider.credentials(cluster);
      console.log(`Wrote ${kubeconfig}:\n\n  ${kubectlOf({ kubeconfig, context: name })} get nodes`);
    }
    const access = isSwarmAlone(cluster) ? { docker: cluster.docker } : { kubeconfig, context: name };
    writeResult(context.root, options.json, { cluster: cluster.name, ...access });
  });
}
