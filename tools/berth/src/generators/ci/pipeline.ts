import type { NxJsonConfiguration } from '@nx/devkit';
import { orchestratorsOf, UserError, type Cluster, type OrchestratorName } from '@berth/model';
import { isOnThisMachine, parseReference } from '@berth/registry';
import type { BerthOptions, CiOptions } from '../../options';
import type { WorkspaceFiles } from '../../workspace/files';
import { readClusterOf, readEnvironment } from '../../workspace/models';

/** All that the pipelines of a workspace are made of, whatever the system. */
export interface Pipeline extends Omit<CiOptions, 'systems'> {
  /** Its commits are deployed; pull requests are compared with it. */
  mainBranch: string;
  cluster: string;
  /** Of the environment that the main branch is deployed to, and so of those of pull requests. */
  orchestrator: OrchestratorName;
  /** There when environments of the cluster may be on others too. */
  isOneOfSeveral?: true;
  /** Where to log in before images are pushed; undefined for a registry on the runner itself. */
  registry?: string;
  /** Where the kubeconfig goes, relative to the workspace; undefined when the runner is the cluster's own machine. */
  kubeconfig?: string;
}

/**
 * What the workspace's pipelines are made of.
 * @throws UserError when there is no such environment, or runners could not reach the registry or a Swarm's dockerd
 */
export function pipelineOf(
  files: WorkspaceFiles,
  options: BerthOptions,
  { systems: _, ...ci }: CiOptions,
  nxJson: Pick<NxJsonConfiguration, 'defaultBase'>,
): Pipeline {
  const environment = readEnvironment(files, ci.environment, options);
  const { orchestrator } = environment;
  const cluster = readClusterOf(files, environment);
  const { registry } = parseReference(`${options.registry.replace(/\/+$/, '')}/image`);
  const local = isOnThisMachine(registry);
  if (local && ci.runner === undefined) {
    throw new UserError(
      `The registry ${options.registry} is on this machine alone: no pipeline elsewhere could push to it.`,
      'Name one that others reach: nx g ci <system> --registry=docker.io/<account>\nor your runners on this machine: nx g ci <system> --runner=<label>',
    );
  }
  if (orchestrator === 'swarm' && ci.runner === undefined) throw noWayToSwarm(cluster);
  const onCluster = ci.runner !== undefined && cluster.hosts.includes('localhost');
  return {
    ...ci,
    mainBranch: (nxJson.defaultBase ?? 'main').replace(/^origin\//, ''),
    cluster: cluster.name,
    orchestrator,
    ...(orchestratorsOf(cluster).length > 1 && { isOneOfSeveral: true }),
    ...(!local && { registry }),
    ...(!onCluster && { kubeconfig: cluster.kubeconfig }),
  };
}

/** Whoever may speak to dockerd is root on its machine: no key for that is given to somebody else's machines. */
function noWayToSwarm({ root, docker = 'its dockerd' }: Cluster): UserError {
  return new UserError(
    `${root}/cluster.json at docker: no pipeline elsewhere may speak to ${docker}, where it would be root.`,
    'Name your runners that may: nx g ci <system> --runner=<label>',
  );
}
