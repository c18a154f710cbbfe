import { getProjects, glob, type ProjectConfiguration, type Tree } from '@nx/devkit';
import { kindOf, kindsInOrder, markerGlob, projectNameOf } from '../graph/marker-files';

/**
 * The projects of a workspace as a generator's Tree has them, by name. Nx's own getProjects knows only those that have
 * a project.json or package.json; what our marker files make of the other folders is added.
 */
export function projectsOfTree(tree: Tree): Record<string, ProjectConfiguration> {
  const projects = new Map(getProjects(tree));
  const roots = new Set([...projects.values()].map(({ root }) => root));
  const markers = glob(tree, [markerGlob]).sort();
  for (const kind of kindsInOrder) {
    for (const file of markers.filter((path) => kindOf(path) === kind)) {
      const root = file.slice(0, Math.max(file.lastIndexOf('/'), 0)) || '.';
      const name = projectNameOf(kind, root);
      // A taken name is told by the targets of the folder's project.
      if (roots.has(root) || projects.has(name)) continue;
      projects.set(name, { root, tags: kind === 'service' ? [] : [`type:${kind}`], targets: {} });
      roots.add(root);
    }
  }
  return Object.fromEntries(projects);
}
