import type { ExecutorContext, ProjectFileMap } from '@nx/devkit';
import { UserError } from '@berth/model';
import { readFileMapCache, workspaceRoot } from '../nx-internals';
import type { BerthOptions } from '../options';
import { filesOnDisk } from '../workspace/files';
import type { ImageWorkspace } from './plan';
import { productionGraph } from './production-graph';

/** The workspace that Nx runs in, as images are planned in it. @throws UserError when it cannot be said what only tests import */
export function workspaceOf(
  options: BerthOptions,
  { root, projectGraph }: Pick<ExecutorContext, 'root' | 'projectGraph'>,
): ImageWorkspace {
  const graph = productionGraph(projectGraph, filesWithImports(root));
  return { root, graph, options, files: filesOnDisk(root) };
}

/** Nx writes it down whenever it makes the project graph, which itself does not say which file an edge comes from. */
function filesWithImports(root: string): ProjectFileMap {
  // Nx knows of no other workspace than the one that it runs in.
  if (root !== workspaceRoot) return {};
  const map = process.env['NX_CACHE_PROJECT_GRAPH'] === 'false' ? null : readFileMapCache();
  if (map) return map.fileMap.projectFileMap;
  throw new UserError(
    'Nx has not kept its map of the files, so what only tests import would change the tags of images.',
    'Run it without NX_CACHE_PROJECT_GRAPH=false.',
  );
}
