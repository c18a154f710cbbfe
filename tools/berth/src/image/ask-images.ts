import type { ExecutorContext } from '@nx/devkit';
import { engineName } from '@berth/engines/src/engine-names';
import { ProcessRunner } from '@berth/exec';
import type { BerthOptions } from '../options';
import { InputFiles } from './input-files';
import { refuseFailures, type ImageResult } from './image-result';
import { openRegistry } from './open-registry';
import { failed, planImages, type ImagePlan } from './plan';
import { workspaceOf } from './workspace-of';

/** One image of the workspace, as the registry was asked for it. */
export interface AskedImage {
  project: string;
  /** With the tag. */
  reference: string;
  /** Undefined when the registry does not have it. */
  digest: string | undefined;
}

/**
 * Which of these projects' images the registry has. Builds nothing and writes nothing.
 * @returns without the projects that have someone else's image
 * @throws UserError when there is no such engine, an image.json is wrong or the registry cannot be asked
 */
export async function askImages(
  projects: readonly string[],
  options: BerthOptions,
  context: Pick<ExecutorContext, 'root' | 'projectGraph'>,
): Promise<AskedImage[]> {
  const runner = new ProcessRunner();
  engineName(options.engine);
  const planned = await planImages(
    projects,
    workspaceOf(options, context),
    new InputFiles(context.root, runner),
  );
  const plans: ImagePlan[] = [];
  const failures: ImageResult[] = [];
  for (const project of projects) {
    const plan = planned.get(project);
    if (plan === undefined) continue;
    if (failed(plan)) failures.push({ ...plan, outcome: 'failed', milliseconds: 0 });
    else plans.push(plan);
  }
  refuseFailures(failures);
  const registry = openRegistry(options, console.log);
  try {
    return await Promise.all(
      plans.map(async ({ project, reference }) => ({
        project,
        reference,
        digest: await registry.digestOf(reference),
      })),
    );
  } finally {
    registry.close();
  }
}
