import { getProjects, type Tree } from '@nx/devkit';
import { UserError } from '@berth/model';

/** Refuses a project name that the project of another folder has: Nx has one name space for all. @throws UserError */
export function refuseTakenName(tree: Tree, name: string, root: string): void {
  const owner = getProjects(tree).get(name);
  if (owner && owner.root !== root) {
    throw new UserError(
      `The name ${name} belongs to the project in ${owner.root} already.`,
      'Environments, services, clusters and libraries share one name space: choose another name.',
    );
  }
}

/**
 * Refuses what is no DNS label (RFC 1123): the name becomes a namespace, a Service and a part of host names.
 * @throws UserError
 */
export function refuseBadName(name: string, what: string): void {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
    throw new UserError(
      `"${name}" cannot be the name of ${what}: use at most 63 lower-case letters, digits and dashes, with no dash at either end.`,
    );
  }
}
