import type { ProjectConfiguration, Tree } from '@nx/devkit';
import { isGenerated, manifestsOf } from '@berth/manifests';
import { refuseTakenHosts, type HostClaim } from '@berth/model';
import type { BerthOptions } from '../../options';
import { filesOfTree } from '../../workspace/files';
import { exposingCluster, readEnvironment, readServices } from '../../workspace/models';
import { readExtras, readPatchNames } from '../../workspace/own-objects';
import { writeGenerated } from '../write-generated';

/**
 * Writes the manifests of an environment, and deletes generated files that it no longer has, another orchestrator's too. Only files whose
 * content changes are touched.
 * @param hosts of all environments of the workspace
 * @returns the paths that changed, relative to the workspace
 * @throws UserError when a model is wrong
 */
export function writeManifests(
  tree: Tree,
  name: string,
  projects: Readonly<Record<string, ProjectConfiguration>>,
  options: BerthOptions,
  hosts: readonly HostClaim[],
): string[] {
  const files = filesOfTree(tree);
  const environment = readEnvironment(files, name, options);
  const services = readServices(files, environment, projects);
  refuseTakenHosts(environment, services, hosts);
  const rendered = manifestsOf(environment).renderFiles(environment, services, {
    registry: options.registry,
    extras: readExtras(files, services),
    patches: readPatchNames(files, environment),
    cluster: exposingCluster(files, environment),
  });
  const wanted = new Map(rendered.map(({ path, content }) => [path, content]));
  return writeGenerated(tree, environment.root, wanted, isGenerated);
}
