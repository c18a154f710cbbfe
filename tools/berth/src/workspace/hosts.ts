import type { ProjectConfiguration } from '@nx/devkit';
import { hostClaims, UserError, type HostClaim } from '@berth/model';
import type { BerthOptions } from '../options';
import type { WorkspaceFiles } from './files';
import { environmentNames, readEnvironment, readServices, type ReadEnvironmentOptions } from './models';

/** The hosts of every environment of the workspace. One that is wrong has none: its own commands say what is. */
export function hostsOfWorkspace(
  files: WorkspaceFiles,
  projects: Readonly<Record<string, ProjectConfiguration>>,
  defaults: Pick<BerthOptions, 'domain'>,
  options?: ReadEnvironmentOptions,
): HostClaim[] {
  return environmentNames(files).flatMap((name) => {
    try {
      const environment = readEnvironment(files, name, defaults, options);
      return hostClaims(environment, readServices(files, environment, projects));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [];
    }
  });
}
