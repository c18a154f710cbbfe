import { posix } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { refuseTakenHosts, type Cluster, type Environment, type Service } from '@berth/model';
import { readOptions, type BerthOptions } from '../options';
import { filesOnDisk, type WorkspaceFiles } from '../workspace/files';
import { hostsOfWorkspace } from '../workspace/hosts';
import { readClusterOf, readEnvironment, readServices } from '../workspace/models';

/** All that the workspace says about an environment, as it is to be on this machine. */
export interface EnvironmentModels {
  environment: Environment;
  cluster: Cluster;
  options: BerthOptions;
  files: WorkspaceFiles;
  /** In the order of their needs. @throws UserError when a service is wrong */
  services(): Service[];
}

/**
 * The environment of the project that a target runs for, with its env.local.json.
 * @throws UserError when one of the files is wrong
 */
export function environmentOf(context: ExecutorContext): EnvironmentModels {
  const { projects } = context.projectsConfigurations;
  const name = posix.basename(projects[context.projectName ?? '']?.root ?? '');
  const files = filesOnDisk(context.root);
  const options = readOptions(context.nxJsonConfiguration);
  const environment = readEnvironment(files, name, options, { local: true });
  return {
    environment,
    options,
    files,
    cluster: readClusterOf(files, environment),
    services: () => {
      const services = readServices(files, environment, projects);
      refuseTakenHosts(environment, services, hostsOfWorkspace(files, projects, options, { local: true }));
      return services;
    },
  };
}
