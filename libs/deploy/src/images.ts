import type { Change } from './change';
import type { ImageSource } from './deploy';

interface Container {
  image?: string;
  imagePullPolicy?: string;
}
interface PodTemplate {
  spec?: { containers?: Container[]; initContainers?: Container[] };
}

/**
 * Images that what changes would run and that no registry has, a sentence each. What does not change runs already.
 * @param known references that were asked for before
 */
export async function absentImages(
  source: ImageSource,
  changes: readonly Change[],
  known: readonly string[],
): Promise<string[]> {
  if (!source.absent) return [];
  const users = new Map<string, string[]>();
  for (const { action, object, desired } of changes) {
    if (action === 'same') continue;
    const { template } = (desired?.spec ?? {}) as { template?: PodTemplate };
    const { containers = [], initContainers = [] } = template?.spec ?? {};
    for (const { image, imagePullPolicy } of [...containers, ...initContainers]) {
      // Whoever puts images on the nodes says so.
      if (image === undefined || imagePullPolicy === 'Never' || known.includes(image)) continue;
      users.set(image, [...(users.get(image) ?? []), object.name]);
    }
  }
  const absent = users.size > 0 ? await source.absent([...users.keys()]) : [];
  return absent.map(
    (image) =>
      `No registry has the image ${image}; ${[...new Set(users.get(image))].join(', ')} would run it.`,
  );
}
