import { join, resolve } from 'node:path';
import type { ImageSource } from '@berth/deploy';
import { ProcessRunner, writeWhole } from '@berth/exec';
import { UserError } from '@berth/model';
import { desiredObjects, handOver } from '../../environment/target';
import type { EnvironmentModels } from '../../environment/environment-of';

export interface WriteOptions {
  root: string;
  /** Whether missing images may be built. */
  build: boolean;
  /** Builds, pushes and writes nothing. */
  dryRun: boolean;
}

/** What was written, or would be. */
export interface Written {
  /** The folder and its files. */
  folder: string;
  files: string[];
  /** By service, with its digest; without those that a dry run found missing. */
  images: Record<string, string>;
  missingImages: string[];
  /** What applies the files. */
  command: string[];
}

/**
 * Writes what a deploy would apply, with the digest of every image: for Kubernetes what `kubectl apply -k`, Argo CD or Flux
 * take, in which patches and ConfigMaps named by their content are done already and each object belongs to the inventory;
 * for Swarm what `docker stack deploy` takes.
 * @param folder relative to the workspace, or absolute
 * @throws UserError when images are missing and may not be built
 */
export async function writePinned(
  models: EnvironmentModels,
  source: ImageSource,
  folder: string,
  { root, build, dryRun }: WriteOptions,
): Promise<Written> {
  const resolved = await source.resolve();
  const missing = Object.keys(resolved).filter((service) => resolved[service] === undefined);
  if (missing.length > 0 && !build) {
    throw new UserError(
      `The registry does not have the images of ${missing.join(', ')}.`,
      `nx run-many -t docker-push -p ${missing.join(',')}`,
    );
  }
  const built = missing.length > 0 && !dryRun ? await source.build(missing) : {};
  const images = new Map(
    Object.entries({ ...resolved, ...built }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const render = await desiredObjects(models, new ProcessRunner());
  const { files: written, command } = await handOver(models, render(Object.fromEntries(images)));
  if (!dryRun)
    writeWhole(...written.map(({ path, content }) => ({ path: join(resolve(root, folder), path), content })));
  return {
    folder,
    files: written.map(({ path }) => path),
    images: Object.fromEntries(images),
    missingImages: missing,
    command: command(folder),
  };
}
