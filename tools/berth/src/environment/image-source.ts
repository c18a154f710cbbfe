import type { ExecutorContext } from '@nx/devkit';
import type { ImageSource } from '@berth/deploy';
import { imageName, type Service } from '@berth/model';
import { ensureImages, imageTags } from '../image';
import { absentImages } from '../image/absent-images';
import type { BerthOptions } from '../options';

/** Where a deploy's images come from: the registry, and the image batch for those that it lacks. */
export function imageSourceOf(
  services: readonly Service[],
  options: BerthOptions,
  context: ExecutorContext,
): ImageSource {
  const own = services.filter(({ image }) => image === undefined).map(({ name }) => name);
  return {
    resolve: async () => {
      if (own.length === 0) return {};
      return imageTags(own, options, context);
    },
    build: (names) => ensureImages(names, options, context),
    absent: (references) => {
      const made = own.map((name) => imageName(options.registry, name));
      return absentImages(
        references.filter((reference) => !made.includes(reference)),
        options,
      );
    },
  };
}
