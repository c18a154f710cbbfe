import type { Images, ImageSource } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { Registry } from '@berth/registry';

/**
 * Images that were deployed before: those very digests, and nothing is built.
 * @param open asked once, and closed
 * @param of what needs them, for example `record 3 of staging`
 * @param hint what else can be done
 */
export function recordedImages(images: Images, open: () => Registry, of: string, hint: string): ImageSource {
  return {
    resolve: async () => {
      const registry = open();
      try {
        const there = await Promise.all(Object.values(images).map((reference) => registry.has(reference)));
        const gone = Object.entries(images).filter((_, index) => !there[index]);
        if (gone.length === 0) return images;
        throw new UserError(
          `The registry no longer has images of ${of}; nothing was changed:\n${gone.map(([service, reference]) => `  ${service}: ${reference}`).join('\n')}`,
          hint,
        );
      } finally {
        registry.close();
      }
    },
    build: (services) => Promise.reject(new Error(`nothing is built anew: ${services.join(', ')}`)),
  };
}
