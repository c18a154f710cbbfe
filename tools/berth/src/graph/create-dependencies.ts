import type { CreateDependencies, RawProjectGraphDependency } from '@nx/devkit';
import { UserError } from '@berth/model';
import { imageDependencies } from './image-dependencies';
import { readJsonObject } from './read-json';
import { servicesOf } from './selection';
import { DependencyType } from '../nx-internals';
import type { BerthOptions } from '../options';

/** An environment depends on its services, and whatever is built as an image on the images that it stands on. */
export const createDependencies: CreateDependencies<Partial<BerthOptions>> = (_options, context) => {
  const dependencies: RawProjectGraphDependency[] = [];
  for (const [source, { root }] of Object.entries(context.projects)) {
    const files = new Set(context.fileMap.projectFileMap[source]?.map(({ file }) => file));
    const add = (sourceFile: string, targets: readonly string[]) => {
      for (const target of targets) {
        if (target === source || !context.projects[target]) continue;
        dependencies.push({ source, target, sourceFile, type: DependencyType.static });
      }
    };
    for (const [name, targetsOf] of [
      ['env.json', (content) => servicesOf(selectors(content), context.projects, isService(context))],
      ['image.json', imageDependencies],
    ] as [string, (content: Record<string, unknown>) => string[]][]) {
      const file = `${root}/${name}`;
      if (!files.has(file)) continue;
      try {
        add(file, targetsOf(readJsonObject(context.workspaceRoot, file)));
      } catch (error) {
        // The project's own targets say what is wrong with the file.
        if (!(error instanceof UserError)) throw error;
      }
    }
  }
  return dependencies;
};

function selectors(content: Record<string, unknown>): string[] {
  const { projects } = content;
  return Array.isArray(projects) ? projects.filter((selector) => typeof selector === 'string') : [];
}

function isService({ fileMap, projects }: Parameters<CreateDependencies>[1]) {
  return (project: string) => {
    const file = `${projects[project]?.root}/service.json`;
    return fileMap.projectFileMap[project]?.some((data) => data.file === file) ?? false;
  };
}
