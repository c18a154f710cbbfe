import type { NxJsonConfiguration } from '@nx/devkit';
import { UserError } from '@berth/model';
import { isOnThisMachine, parseReference } from '@berth/registry';
import type { BerthOptions, CiOptions } from '../../options';
import type { WorkspaceFiles } from '../../workspace/files';
import { readClusterOf, readEnvironment } from '../../workspace/models';

/** All that the pipelines of a workspace are made of, whatever the system. */
export interface Pipeline extends Omit<CiOptions, 'systems'> {
  /** Its commits are deployed; pull requests are compared with it. */
  mainBranch: string;
  cluster: string;
  /** Where to log in before images are pushed; undefined for a registry on the runner itself. */
  registry?: string;
  /** Where the kubeconfig goes, relative to the workspace; undefined when the runner is the cluster's own machine. */
  kubeconfig?: string;
}

/**
 * What the workspace's pipelines are made of.
 * @throws UserError when there is no such environment, or runners could not reach the registry
 */
export function pipelineOf(
  files: WorkspaceFiles,
  options: BerthOptions,
  { systems: _, ...ci }: CiOptions,
  nxJson: Pick<NxJsonConfiguration, 'defaultBase'>,
): Pipeline {
  const cluster = readClusterOf(files, readEnvironment(files, ci.environment, options));
  const { registry } = parseReference(`${options.registry.replace(/\/+$/, '')}/image`);
  const local = isOnThisMachine(registry);
  if (local && ci.runner === undefined) {
    throw new UserError(
      `The registry ${options.registry} is on this machine alone: no pipeline elsewhere could push to it.`,
      'Name one that others reach: nx g ci <system> --registry=docker.io/<account>\nor your runners on this machine: nx g ci <system> --runner=<label>',
    );
  }
  const onCluster = ci.runner !== undefined && cluster.hosts.includes('localhost');
  return {
    ...ci,
    mainBranch: (nxJson.defaultBase ?? 'main').replace(/^origin\//, ''),
    cluster: cluster.name,
    ...(!local && { registry }),
    ...(!onCluster && { kubeconfig: cluster.kubeconfig }),
  };
}
