import { readNxJson, type Tree } from '@nx/devkit';
import { UserError } from '@berth/model';
import { readOptions } from '../../options';
import { filesOfTree } from '../../workspace/files';
import { hostsOfWorkspace } from '../../workspace/hosts';
import { environmentNames } from '../../workspace/models';
import { projectsOfTree } from '../../workspace/projects';
import { writeManifests } from '../env/write-manifests';

/**
 * Writes the manifests of every environment anew. Nx compares: `nx sync` writes what differs, `nx sync:check` fails
 * when anything does. An environment that is wrong does not keep the others from being checked.
 * @throws UserError with the problems of all environments.
 */
export default function syncGenerator(tree: Tree): { outOfSyncMessage: string; outOfSyncDetails?: string[] } {
  const projects = projectsOfTree(tree);
  const options = readOptions(readNxJson(tree));
  const stale: string[] = [];
  const problems: string[] = [];
  const files = filesOfTree(tree);
  const hosts = hostsOfWorkspace(files, projects, options);
  for (const name of environmentNames(files)) {
    try {
      stale.push(...writeManifests(tree, name, projects, options, hosts));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.hint ? `${error.message} (${error.hint})` : error.message);
    }
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return {
    outOfSyncMessage: 'Some manifests are not what the services and environments say.',
    outOfSyncDetails: stale,
  };
}
