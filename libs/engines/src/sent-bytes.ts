import type { Blob, ImageReader } from '@berth/registry';

/**
 * Bytes of those blobs of a pushed image that were sent, each counted once.
 * @param reference with the digest that was pushed
 * @param wasSent asked for every configuration, and for every layer with its place in its image
 * @returns undefined when the registry does not say what it has got: the push is done all the same
 */
export async function sentBytes(
  reference: string,
  registry: ImageReader,
  wasSent: (blob: Blob, layer?: number) => boolean,
): Promise<number | undefined> {
  const images = await registry.contentOf(reference).catch(() => undefined);
  if (images === undefined) return undefined;
  const sent = new Map<string, number>();
  for (const { config, layers } of images) {
    if (wasSent(config)) sent.set(config.digest, config.size);
    for (const [index, layer] of layers.entries())
      if (wasSent(layer, index)) sent.set(layer.digest, layer.size);
  }
  return [...sent.values()].reduce((sum, size) => sum + size, 0);
}
