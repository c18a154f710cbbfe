import type { ExecutorContext } from '@nx/devkit';
import { diff as difference, isEmpty, planLines, planSummary, type ImageSource } from '@berth/deploy';
import { ProcessRunner } from '@berth/exec';
import type { Service } from '@berth/model';
import { environmentOf, type EnvironmentsOfWorkspace } from '../../environment/environment-of';
import { imageSourceOf } from '../../environment/image-source';
import type { ConnectOptions } from '../../environment/orchestrators/access';
import { connect, desiredObjects } from '../../environment/target';
import { changeResults, type ChangeResult } from '../deploy/result';
import { imageChanges, imageLines, type ImageChange } from './images';

type Resolved = Awaited<ReturnType<ImageSource['resolve']>>;

/** What a deploy would change of one environment, for programs. */
export interface EnvironmentDifference {
  environment: string;
  differs: boolean;
  changes: ChangeResult[];
  missingImages: string[];
  images: ImageChange[];
}

/** The registry's digests of services. Environments with the same services ask once. */
export class SharedImages {
  readonly #asked = new Map<string, Promise<Resolved>>();

  resolve(
    services: readonly Service[],
    options: Parameters<typeof imageSourceOf>[1],
    context: ExecutorContext,
  ): Promise<Resolved> {
    const key = services
      .map(({ name, image }) => JSON.stringify([name, image]))
      .sort()
      .join();
    const asked = this.#asked.get(key) ?? imageSourceOf(services, options, context).resolve();
    this.#asked.set(key, asked);
    return asked;
  }
}

/** What the environments of one run have in common. */
export interface Shared {
  workspace: EnvironmentsOfWorkspace;
  images: SharedImages;
}

/**
 * What a deploy would change of the environment that a target runs for, and the same as lines of text. Builds and
 * changes nothing.
 * @throws UserError when it cannot be said
 */
export async function differenceOf(
  context: ExecutorContext,
  { workspace, images: shared }: Shared,
  options: ConnectOptions = {},
): Promise<{ difference: EnvironmentDifference; lines: string[] }> {
  const runner = new ProcessRunner({ cwd: context.root });
  const models = environmentOf(context, workspace);
  const { environment } = models;
  const resolved = await shared.resolve(models.services(), models.options, context);
  const known = Object.entries(resolved).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const missingImages = Object.keys(resolved).filter((service) => resolved[service] === undefined);
  const render = await desiredObjects(models, runner);
  const { target, close } = connect(models, context.root, options);
  try {
    const changes = await difference(target, environment.name, render(Object.fromEntries(known)));
    const records = isEmpty(changes) ? [] : await target.records(environment.name);
    const images = await imageChanges(changes, resolved, records, context.projectGraph, runner);
    return {
      difference: {
        environment: environment.name,
        differs: !isEmpty(changes) || missingImages.length > 0,
        changes: changeResults(changes),
        missingImages,
        images,
      },
      lines: [
        ...models.leftOut(),
        ...missingImages.map((service) => `+ build the image of ${service}`),
        ...imageLines(images),
        ...planLines(changes),
        planSummary(changes),
      ],
    };
  } finally {
    close();
  }
}
