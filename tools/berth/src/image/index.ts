import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { engineNamed } from '@berth/engines';
import { interruptible, ownTemporaryFolder, ProcessRunner } from '@berth/exec';
import { parseService, type Service } from '@berth/model';
import { withDigest } from '@berth/registry';
import { LiveLines } from '../live-lines';
import type { BerthOptions } from '../options';
import { drawableTerminal } from '../terminal';
import { askImages } from './ask-images';
import { removeAbandonedContexts } from './build-image';
import { writeRecord } from './image-record';
import { refuseFailures, type ImageResult } from './image-result';
import { LiveImageReporter } from './live-reporter';
import { makeImages, type Until } from './make-images';
import type { ImageWorkspace } from './plan';
import { OwnedContainers } from './owned-containers';
import { openRegistry } from './open-registry';
import { ImageReporter } from './reporter';
import { workspaceOf } from './workspace-of';

export type { ImageResult } from './image-result';
export type { Until } from './make-images';

type Context = Pick<ExecutorContext, 'root' | 'projectGraph' | 'isVerbose'>;

/**
 * Which of these projects' images the registry has. Builds nothing and writes nothing.
 * @returns by project the reference with its digest, undefined for what the registry lacks; projects that have
 *   someone else's image are not in it
 * @throws UserError when there is no such engine, an image.json is wrong or the registry cannot be asked
 */
export async function imageTags(
  projects: readonly string[],
  options: BerthOptions,
  context: Context,
): Promise<Record<string, string | undefined>> {
  const asked = await askImages(projects, options, context);
  return Object.fromEntries(
    asked.map(({ project, reference, digest }) => [
      project,
      digest === undefined ? undefined : withDigest(reference, digest),
    ]),
  );
}

/**
 * Builds, tests and pushes these projects' images where the registry lacks them, and prints how it goes.
 * @returns by project the reference with its digest
 * @throws UserError that lists every image that failed
 */
export async function ensureImages(
  projects: readonly string[],
  options: BerthOptions,
  context: Context,
): Promise<Record<string, string>> {
  const results = await makeAndReport(projects, 'push', options, context);
  refuseFailures(results);
  const asked = new Set(projects);
  return Object.fromEntries(
    results.flatMap(({ project, reference, digest }) =>
      asked.has(project) && reference !== undefined && digest !== undefined
        ? [[project, withDigest(reference, digest)]]
        : [],
    ),
  );
}

/**
 * Makes images, prints lines and a summary, and leaves the record that other programs read.
 * @param json file of the record, relative to the workspace; `.berth/images.json` when absent
 * @param bail whether the first failure ends all
 * @param tags input hashes that are known already, by project
 */
export async function makeAndReport(
  projects: readonly string[],
  until: Until,
  options: BerthOptions,
  context: Context,
  {
    json,
    bail = false,
    tags,
  }: { json?: string | undefined; bail?: boolean; tags?: ReadonlyMap<string, string> | undefined } = {},
): Promise<ImageResult[]> {
  const started = performance.now();
  const runner = new ProcessRunner();
  const containers = new OwnedContainers(runner);
  // One that does not exist is refused before anything starts, also where nothing would be built.
  const engine = engineNamed(options.engine, containers, process.env, options.insecureRegistries);
  const workspace = workspaceOf(options, context);
  const reporter = new ImageReporter(console.log, context.isVerbose);
  const terminal = context.isVerbose ? undefined : drawableTerminal(process.env);
  const lines = terminal && new LiveLines(terminal);
  const live = lines && new LiveImageReporter(lines);
  const registry = openRegistry(options, (line) => (lines ? lines.print(line) : console.log(line)));
  const removeTemporaryFolder = ownTemporaryFolder(process.env);
  removeAbandonedContexts(context.root);
  try {
    // Nothing is left half pushed, for a tag comes last.
    return await interruptible(async (signal) => {
      const results = await makeImages(
        projects,
        {
          until,
          parallel: Math.min(Math.max(availableParallelism(), 2), 4),
          bail,
          ...(tags && { tags }),
          signal,
        },
        {
          workspace,
          runner,
          registry,
          engine,
          services: () => servicesOf(workspace),
          devPackages: devPackagesOf(context.root),
          report: live ?? reporter,
        },
      );
      live?.end();
      reporter.summary(results, performance.now() - started);
      writeRecord(context.root, until, results, json);
      // Whatever was interrupted may not have removed its container.
      if (!signal.aborted) containers.allRemoved();
      return results;
    });
  } finally {
    live?.end();
    terminal?.destroy();
    removeTemporaryFolder();
    registry.close();
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
