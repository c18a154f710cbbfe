import type { Runner } from '@berth/exec';
import type { Images } from '@berth/deploy';
import { objectsNamedByContent, renderObjects, type KubernetesObject } from '@berth/manifests';
import { imageName } from '@berth/model';
import { readExtras, readPatchNames } from '../workspace/own-objects';
import type { EnvironmentModels } from './environment-of';
import { patchedObjects } from './patched-objects';
import { pinImages } from './pin-images';

/** Gives every object of the environment for a choice of images; pure once it is there. */
export async function desiredObjects(
  models: EnvironmentModels,
  runner: Runner,
): Promise<(images: Images) => KubernetesObject[]> {
  const { environment, files, options } = models;
  const services = models.services();
  const patches = readPatchNames(files, environment);
  const rendering = { registry: options.registry, extras: readExtras(files, services) };
  const needsKustomize =
    patches.length > 0 || objectsNamedByContent(environment, services, rendering).length > 0;
  const objects = !needsKustomize
    ? renderObjects(environment, services, rendering)
    : await patchedObjects(environment, services, { ...rendering, patches }, files, runner);
  return (images) =>
    pinImages(
      objects,
      new Map(
        Object.entries(images).map(([service, reference]) => [
          imageName(options.registry, service),
          reference,
        ]),
      ),
    );
}
