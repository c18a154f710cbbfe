import type { ExecutorContext } from '@nx/devkit';
import type { ImageSource } from '@berth/deploy';
import type { Service } from '@berth/model';
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
      const { imageTags } = await import('../image');
      return imageTags(own, options, context);
    },
    build: async (names) => {
      const { ensureImages } = await import('../image');
      return ensureImages(names, options, context);
    },
  };
}
