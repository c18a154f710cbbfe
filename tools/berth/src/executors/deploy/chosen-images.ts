import type { ExecutorContext } from '@nx/devkit';
import type { ImageSource } from '@berth/deploy';
import { ProcessRunner } from '@berth/exec';
import { UserError, type Service } from '@berth/model';
import { commitOf } from '../../environment/author';
import { environmentOf, type EnvironmentModels } from '../../environment/environment-of';
import { imageSourceOf } from '../../environment/image-source';
import { imagesAt } from '../../environment/images-at';
import { promotedImages, type ChosenImages } from '../../environment/promoted-images';
import { recordedImages } from '../../environment/recorded-images';
import { connect } from '../../environment/target';
import { openRegistry } from '../../image/open-registry';

export interface ImageChoice {
  /** The images that another environment runs. */
  from?: string | number;
  /** The images that were built at another commit. */
  at?: string | number;
}

/** Where a deploy's images come from, and the commit that they are of. */
export interface DeployImages {
  source: ImageSource;
  /** Git may still be asked for it. */
  commit: Promise<string | undefined>;
}

/**
 * The images of the workspace as it is; or those that another environment runs or another commit built, of which
 * nothing is built anew.
 * @throws UserError when both are asked for, or there are none
 */
export async function chosenImages(
  { from, at }: ImageChoice,
  models: EnvironmentModels,
  services: readonly Service[],
  context: ExecutorContext,
): Promise<DeployImages> {
  const { options } = models;
  if (from === undefined && at === undefined) {
    const commit = commitOf(context.root, new ProcessRunner());
    // Who waits for it hears of it.
    commit.catch(() => undefined);
    return { source: imageSourceOf(services, options, context), commit };
  }
  const command = `nx deploy ${context.projectName}`;
  if (from !== undefined && at !== undefined) {
    throw new UserError(
      '--from and --at exclude each other.',
      `What an environment runs: ${command} --from=${from}\nwhat a commit built: ${command} --at=${at}`,
    );
  }
  const own = services.filter(({ image }) => image === undefined).map(({ name }) => name);
  const [{ images, commit }, of] =
    from !== undefined
      ? [await ofEnvironment(String(from), own, context), `what ${from} runs`]
      : [await imagesAt(String(at), own, context), `commit ${at}`];
  const open = () => openRegistry(options, console.log);
  return { source: recordedImages(images, open, of, command), commit: Promise.resolve(commit) };
}

async function ofEnvironment(
  projectName: string,
  services: readonly string[],
  context: ExecutorContext,
): Promise<ChosenImages> {
  if (!context.projectsConfigurations.projects[projectName]) {
    throw new UserError(`--from: there is no environment ${projectName}.`, 'ls deploy/environments');
  }
  const models = environmentOf({ ...context, projectName });
  const { target, close } = connect(models, context.root);
  try {
    return promotedImages(await target.status(models.environment.name), services, models.options.registry);
  } finally {
    close();
  }
}
