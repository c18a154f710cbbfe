import type { ExecutorContext } from '@nx/devkit';
import { withDigest } from '@berth/registry';
import type { BerthOptions } from '../options';
import { askImages } from './ask-images';
import { refuseFailures } from './image-result';
import { makeAndReport } from './make-and-report';

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
