import type { Change } from './change';
import type { ImageSource } from './deploy';
import type { ObjectKinds } from './object-kinds';

/**
 * Images that what changes would run and that no registry has, a sentence each. What does not change runs already.
 * @param known references that were asked for before
 */
export async function absentImages(
  source: ImageSource,
  changes: readonly Change[],
  known: readonly string[],
  { images }: Pick<ObjectKinds, 'images'>,
): Promise<string[]> {
  if (!source.absent) return [];
  const users = new Map<string, string[]>();
  for (const { action, object, desired } of changes) {
    if (action === 'same' || !desired) continue;
    for (const image of images(desired)) {
      if (!known.includes(image)) users.set(image, [...(users.get(image) ?? []), object.name]);
    }
  }
  const absent = users.size > 0 ? await source.absent([...users.keys()]) : [];
  return absent.map(
    (image) =>
      `No registry has the image ${image}; ${[...new Set(users.get(image))].join(', ')} would run it.`,
  );
}
