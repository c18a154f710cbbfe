import { JsonSyntaxError, readJson, UserError } from '@berth/model';
import type { WorkspaceFiles } from '../workspace/files';
import { outsideImages, type Digests, type DockerfileInput } from './dockerfile';

/** Which images from outside the workspace its Dockerfiles mean: their digests, as `nx g base-images` found them. */
export const baseImagesFile = 'docker/base-images.lock.json';

/** What is in the lock file; nothing when there is none. @throws UserError when it is wrong */
export function readBaseImages(files: WorkspaceFiles): Digests {
  const text = files.read(baseImagesFile);
  if (text === undefined) return {};
  let document: unknown;
  try {
    document = readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new UserError(`${baseImagesFile}: is no JSON: ${error.message}`, writeAnew);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new UserError(`${baseImagesFile}: must be an object of digests by image`, writeAnew);
  }
  const wrong = Object.entries(document).find(([, digest]) => !/^sha256:[0-9a-f]{64}$/.test(String(digest)));
  if (wrong) {
    throw new UserError(
      `${baseImagesFile} at ${JSON.stringify(wrong[0])}: must be a digest, sha256: and 64 hexadecimal digits`,
      writeAnew,
    );
  }
  return document as Digests;
}

const writeAnew = `Take the file back from git, or write it anew: rm ${baseImagesFile} && nx g base-images`;

/**
 * The digests of the images from outside that a Dockerfile stands on.
 * @throws UserError when the lock file lacks one
 */
export async function pinned(input: DockerfileInput, lock: () => Digests): Promise<Digests> {
  const outside = await outsideImages(input);
  if (outside.length === 0) return {};
  const known = lock();
  return Object.fromEntries(
    outside
      .map(({ reference, line }) => {
        const digest = Object.hasOwn(known, reference) ? known[reference] : undefined;
        if (digest !== undefined) return [reference, digest] as const;
        throw new UserError(
          `${input.file}:${line}: ${reference} comes from outside, and ${baseImagesFile} does not say which one it is.`,
          'nx g base-images --missing',
        );
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
