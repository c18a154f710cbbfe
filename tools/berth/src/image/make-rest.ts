import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { engineNamed } from '@berth/engines';
import { ownTemporaryFolder, ProcessRunner } from '@berth/exec';
import { parseService, type Service } from '@berth/model';
import type { BerthOptions } from '../options';
import { removeAbandonedContexts } from './build-image';
import type { ImageResult } from './image-result';
import { makeImages, type MakeDependencies, type MakeOptions } from './make-images';
import { OwnedContainers } from './owned-containers';
import type { ImageWorkspace } from './plan';
import { workspaceOf } from './workspace-of';

type Options = Pick<MakeOptions, 'until' | 'bail' | 'asked'> & { signal: AbortSignal };

/** Makes what the registry did not have, with all that this takes: an engine, and a place for temporary files. */
export async function makeRest(
  projects: readonly string[],
  options: Options,
  berth: BerthOptions,
  context: Pick<ExecutorContext, 'root' | 'projectGraph'>,
  given: Pick<MakeDependencies, 'registry' | 'report'>,
): Promise<ImageResult[]> {
  const removeTemporaryFolder = ownTemporaryFolder(process.env);
  try {
    removeAbandonedContexts(context.root);
    const runner = new ProcessRunner();
    const containers = new OwnedContainers(runner);
    const workspace = workspaceOf(berth, context);
    const results = await makeImages(
      projects,
      { ...options, parallel: Math.min(Math.max(availableParallelism(), 2), 4) },
      {
        ...given,
        workspace,
        runner,
        engine: engineNamed(berth.engine, containers, process.env, berth.insecureRegistries),
        services: () => servicesOf(workspace),
        devPackages: devPackagesOf(context.root),
      },
    );
    // Whatever was interrupted may not have removed its container.
    if (!options.signal.aborted) containers.allRemoved();
    return results;
  } finally {
    removeTemporaryFolder();
  }
}

/** Every service of the workspace whose file is well; those that are not say so in their own targets. */
function servicesOf({ graph, files }: ImageWorkspace): Service[] {
  return Object.values(graph.nodes).flatMap(({ name, data }) => {
    const file = `${data.root}/service.json`;
    const text = files.read(file);
    if (text === undefined) return [];
    try {
      return [parseService(text, file, name)];
    } catch {
      return [];
    }
  });
}

/** The packages that the workspace needs for development only. */
function devPackagesOf(workspaceRoot: string): string[] {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(workspaceRoot, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string> | undefined>;
  return Object.keys(devDependencies).filter((name) => !(name in dependencies));
}
