import { posix } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { refuseTakenHosts, type Cluster, type Environment, type HostClaim, type Service } from '@berth/model';
import { readOptions, type BerthOptions } from '../options';
import { filesOnDisk, rememberedFiles, type WorkspaceFiles } from '../workspace/files';
import { hostsOfWorkspace } from '../workspace/hosts';
import { leftOutLines, readClusterOf, readEnvironment, readServices } from '../workspace/models';

/** All that the workspace says about an environment, as it is to be on this machine. */
export interface EnvironmentModels {
  environment: Environment;
  cluster: Cluster;
  options: BerthOptions;
  files: WorkspaceFiles;
  projects: ExecutorContext['projectsConfigurations']['projects'];
  /** In the order of their needs. @throws UserError when a service is wrong */
  services(): Service[];
  /** Sentences on what it selects and does not run. @throws UserError as services does */
  leftOut(): string[];
}

/** What all environments of a workspace have in common, read once. */
export interface EnvironmentsOfWorkspace {
  options: BerthOptions;
  files: WorkspaceFiles;
  /** The hosts of all environments. */
  hosts(): HostClaim[];
}

/** @throws UserError when the plugin's options are wrong */
export function environmentsOf(context: ExecutorContext): EnvironmentsOfWorkspace {
  const { projects } = context.projectsConfigurations;
  const options = readOptions(context.nxJsonConfiguration);
  const files = rememberedFiles(filesOnDisk(context.root));
  let hosts: HostClaim[] | undefined;
  return {
    options,
    files,
    hosts: () => (hosts ??= hostsOfWorkspace(files, projects, options, { local: true })),
  };
}

/**
 * The environment of the project that a target runs for, with its env.local.json.
 * @param workspace given by who reads several environments
 * @throws UserError when one of the files is wrong
 */
export function environmentOf(
  context: ExecutorContext,
  workspace: EnvironmentsOfWorkspace = environmentsOf(context),
): EnvironmentModels {
  const { projects } = context.projectsConfigurations;
  const { files, options, hosts } = workspace;
  const name = posix.basename(projects[context.projectName ?? '']?.root ?? '');
  const environment = readEnvironment(files, name, options, { local: true });
  return {
    environment,
    options,
    files,
    projects,
    cluster: readClusterOf(files, environment, { local: true }),
    services: () => {
      const services = readServices(files, environment, projects);
      refuseTakenHosts(environment, services, hosts());
      return services;
    },
    leftOut: () => leftOutLines(files, environment, projects),
  };
}
