import { readNxJson, type Tree } from '@nx/devkit';
import { UserError } from '@berth/model';
import { readOptions } from '../../options';
import { filesOfTree } from '../../workspace/files';
import { hostsOfWorkspace } from '../../workspace/hosts';
import { environmentNames } from '../../workspace/models';
import { projectsOfTree } from '../../workspace/projects';
import { writePipelines } from '../ci/write-pipelines';
import { writeManifests } from '../env/write-manifests';
import { writePrometheusFiles } from '../prometheus/write-prometheus-files';

/**
 * Writes the manifests of every environment, the pipelines and the files for Prometheus anew. Nx compares: `nx sync`
 * writes what differs, `nx sync:check` fails when anything does. An environment that is wrong does not keep the others from being checked.
 * @throws UserError with all problems.
 */
export default function syncGenerator(tree: Tree): { outOfSyncMessage: string; outOfSyncDetails?: string[] } {
  const projects = projectsOfTree(tree);
  const options = readOptions(readNxJson(tree));
  const stale: string[] = [];
  const problems: string[] = [];
  const files = filesOfTree(tree);
  const hosts = hostsOfWorkspace(files, projects, options);
  const attempt = (write: () => string[]) => {
    try {
      stale.push(...write());
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.hint ? `${error.message} (${error.hint})` : error.message);
    }
  };
  for (const name of environmentNames(files))
    attempt(() => writeManifests(tree, name, projects, options, hosts));
  attempt(() => writePipelines(tree, options));
  // They are made of the same models: when one is wrong, that has been said.
  if (problems.length === 0) attempt(() => writePrometheusFiles(tree, projects, options));
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return {
    outOfSyncMessage: 'Some generated files are not what the services, the environments and nx.json say.',
    outOfSyncDetails: stale,
  };
}
