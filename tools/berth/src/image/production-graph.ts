import type { ProjectFileMap, ProjectGraph } from '@nx/devkit';
import { fileDataDepTarget } from '../nx-internals';
import { isImageInput } from './input-files';

/**
 * The project graph without the edges that come from no file of an image: what only tests import is no input.
 * An edge that no file says (implicitDependencies, what a plugin adds) stays.
 * @param files with what each of them imports
 */
export function productionGraph(graph: ProjectGraph, files: ProjectFileMap): ProjectGraph {
  return {
    ...graph,
    dependencies: Object.fromEntries(
      Object.entries(graph.dependencies).map(([source, edges]) => {
        const root = graph.nodes[source]?.data.root;
        if (root === undefined) return [source, edges];
        const imported = { byInput: new Set<string>(), byOther: new Set<string>() };
        for (const { file, deps = [] } of files[source] ?? []) {
          const path = root === '.' ? file : file.slice(root.length + 1);
          const targets = isImageInput(path) ? imported.byInput : imported.byOther;
          for (const dependency of deps) targets.add(fileDataDepTarget(dependency));
        }
        const kept = edges.filter(
          ({ target, type }) =>
            type === 'implicit' || imported.byInput.has(target) || !imported.byOther.has(target),
        );
        return [source, kept];
      }),
    ),
  };
}
