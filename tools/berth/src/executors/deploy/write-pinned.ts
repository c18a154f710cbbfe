import { join, resolve } from 'node:path';
import type { ImageSource } from '@berth/deploy';
import { ProcessRunner, writeWhole } from '@berth/exec';
import { renderFiles } from '@berth/manifests';
import { UserError } from '@berth/model';
import { handedOver } from '@berth/orchestrators';
import { desiredObjects } from '../../environment/target';
import type { EnvironmentModels } from '../../environment/environment-of';
import { pinnedFiles } from './pinned-files';

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
}

/**
 * Writes what a deploy would apply, with the digest of every image, for `kubectl apply -k`, Argo CD or Flux: patches and
 * ConfigMaps named by their content are done already, and each object belongs to the inventory.
 * @param folder relative to the workspace, or absolute
 * @throws UserError when images are missing and may not be built
 */
export async function writePinned(
  models: EnvironmentModels,
  source: ImageSource,
  folder: string,
  { root, build, dryRun }: WriteOptions,
): Promise<Written> {
  const { environment, options } = models;
  const services = models.services();
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
  const objects = handedOver(environment.name, render(Object.fromEntries(images)));
  const names = services.map(({ name }) => name);
  const generated = renderFiles(environment, services, { registry: options.registry });
  const written = [
    ...pinnedFiles(environment.name, names, objects),
    ...generated.filter(({ path }) => path.startsWith('proxy/')),
  ];
  if (!dryRun)
    writeWhole(...written.map(({ path, content }) => ({ path: join(resolve(root, folder), path), content })));
  return {
    folder,
    files: written.map(({ path }) => path),
    images: Object.fromEntries(images),
    missingImages: missing,
  };
}
