import type { KubernetesObject } from '@berth/manifests';

/**
 * The objects with the images of the workspace's services replaced; what names none of them is the same object still. An
 * image that a patch changed is nobody's name any more and stays as it is.
 * @param pins by image without tag (`localhost:5000/berth/pricing`), the reference to run
 */
export function pinImages(
  objects: readonly KubernetesObject[],
  pins: ReadonlyMap<string, string>,
): KubernetesObject[] {
  return objects.map((object) => replaced(object, pins) as KubernetesObject);
}

/** Copies only what an image is replaced in: of hundreds of objects most have none. */
function replaced(value: unknown, pins: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const before = value as Record<string, unknown>;
  let after: Record<string, unknown> | undefined;
  for (const field of Object.keys(before)) {
    const content = before[field];
    const pinned =
      field === 'image' && typeof content === 'string'
        ? (pins.get(content) ?? content)
        : replaced(content, pins);
    if (pinned === content) continue;
    after ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...before }) as Record<string, unknown>;
    after[field] = pinned;
  }
  return after ?? value;
}
