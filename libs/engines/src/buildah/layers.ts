import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '@berth/exec';

/** Marks what a layer takes away from those under it (OCI image specification, "Whiteouts"). */
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/**
 * The paths in an image that was written to a folder, as `tar -t` prints them: without mounting it, which takes root.
 * @param folder as `push … dir:<folder>` writes it: manifest.json, and the blobs by the digits of their digests
 */
export async function filesOfLayers(folder: string, runner: Runner): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
    layers: { digest: string }[];
  };
  const layers: string[][] = [];
  for (const { digest } of manifest.layers) {
    const { stdout } = await runner.run([
      'tar',
      '--list',
      '--quoting-style=literal',
      '--file',
      join(folder, digest.slice(digest.indexOf(':') + 1)),
    ]);
    layers.push(stdout.split('\n').map((name) => name.replace(/^\.?\//, '')));
  }
  return laidOver(layers);
}

/** The paths that are there when each of these layers lies over those before it. */
export function laidOver(layers: readonly (readonly string[])[]): string[] {
  const paths = new Set<string>();
  const removeBelow = (folder: string) => {
    for (const path of paths) if (path.startsWith(folder)) paths.delete(path);
  };
  for (const layer of layers) {
    for (const entry of layer) {
      const [, folder = '', name = ''] = /^(.*\/)?([^/]+\/?)$/.exec(entry) ?? [];
      if (name === OPAQUE) removeBelow(folder);
      else if (name.startsWith(WHITEOUT)) {
        const gone = folder + name.slice(WHITEOUT.length);
        paths.delete(gone);
        removeBelow(`${gone}/`);
      } else if (!entry.endsWith('/') && paths.has(`${entry}/`)) removeBelow(`${entry}/`);
    }
    for (const entry of layer) {
      if (entry !== '' && !(entry.split('/').at(-1) ?? '').startsWith(WHITEOUT)) paths.add(entry);
    }
  }
  return [...paths];
}
