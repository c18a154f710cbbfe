import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '@berth/registry';

/**
 * What an OCI image layout (image specification 1.1, "OCI Image Layout") of one name holds.
 * @returns the digest of its manifest or index, and of each configuration and layer the bytes
 */
export async function blobsOfLayout(folder: string): Promise<{ digest: string; blobs: Map<string, number> }> {
  const read = async (path: string) => JSON.parse(await readFile(join(folder, path), 'utf8')) as Manifest;
  const blobs = new Map<string, number>();
  const collect = async (digest: string): Promise<void> => {
    const { manifests, config, layers = [] } = await read(join('blobs', digest.replace(':', '/')));
    for (const blob of config ? [config, ...layers] : []) blobs.set(blob.digest, blob.size);
    for (const image of manifests ?? []) await collect(image.digest);
  };
  const [top] = (await read('index.json')).manifests ?? [];
  if (top === undefined) throw new Error(`there is no image in ${folder}`);
  await collect(top.digest);
  return { digest: top.digest, blobs };
}
