import type { KubernetesObject } from '@berth/manifests';

/**
 * Copies of the objects with the images of the workspace's services replaced. An image that a patch changed is
 * nobody's name any more and stays as it is.
 * @param pins by image without tag (`localhost:5000/berth/pricing`), the reference to run
 */
export function pinImages(
  objects: readonly KubernetesObject[],
  pins: ReadonlyMap<string, string>,
): KubernetesObject[] {
  return objects.map((object) => replaced(object, pins) as KubernetesObject);
}

function replaced(value: unknown, pins: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item, pins));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, content]) => [
      field,
      field === 'image' && typeof content === 'string'
        ? (pins.get(content) ?? content)
        : replaced(content, pins),
    ]),
  );
}
