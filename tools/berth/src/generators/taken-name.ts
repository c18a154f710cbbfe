import type { Tree } from '@nx/devkit';
import { checkEnvironmentName, UserError } from '@berth/model';
import { workspaceProjectName } from '../graph/marker-files';
import { projectsOfTree } from '../workspace/projects';

/** Refuses a project name that the project of another folder has: Nx has one name space for all. @throws UserError */
export function refuseTakenName(tree: Tree, name: string, root: string): void {
  if (name === workspaceProjectName) {
    throw new UserError(
      `The name ${name} belongs to the targets of the whole workspace.`,
      'Choose another name.',
    );
  }
  const projects = new Map(Object.entries(projectsOfTree(tree)));
  const owner = projects.get(name);
  if (owner && owner.root !== root) {
    throw new UserError(
      `The name ${name} belongs to the project in ${owner.root} already.`,
      'Environments, services, clusters and libraries share one name space: choose another name.',
    );
  }
}

/** Refuses what cannot be the name of an environment. @throws UserError */
export function refuseBadEnvironmentName(name: string): void {
  const [finding] = checkEnvironmentName(name);
  if (finding) throw new UserError(finding.message);
}

/**
 * Refuses what is no DNS label (RFC 1123) for a service or cluster: the name becomes part of host and object names.
 * @throws UserError
 */
export function refuseBadName(name: string, what: string): void {
  if (!/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
    throw new UserError(
      `"${name}" cannot be the name of ${what}: use at most 63 lower-case letters, digits and hyphens, with a letter first and no hyphen last.`,
    );
  }
}
