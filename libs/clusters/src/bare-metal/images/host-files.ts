import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Runner } from '@berth/exec';

/** Programs of this Debian machine that go into an image, with the libraries they load. */
export interface HostPrograms {
  /** Path in the image, and the program on the machine; links are followed. */
  programs: Readonly<Record<string, string>>;
  /** Further names of them in the image: link and target. */
  links?: Readonly<Record<string, string>>;
  /** Folders of plugins that are loaded at run time, taken with their path and the libraries that they load. */
  folders?: readonly string[];
}

/** Changed when what is copied from the same programs changes. */
const LAYOUT = '2';

/** Changes when one of the programs does. */
export function hostProgramsKey({ programs, folders = [] }: HostPrograms): string {
  const hash = createHash('sha256').update(LAYOUT);
  for (const path of Object.values(programs)) hash.update(readFileSync(realpathSync(path)));
  for (const folder of folders) hash.update(readdirSync(folder).toSorted().join('\n'));
  return hash.digest('hex');
}

/** Copies them below `root`, laid out as Debian does it: /lib and /sbin are links into /usr. */
export async function copyHostPrograms(runner: Runner, host: HostPrograms, root: string): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(join('usr', name), join(root, name));
  }
  for (const [target, source] of Object.entries(host.programs)) {
    copy(realpathSync(source), join(root, target));
    for (const library of await librariesOf(runner, [realpathSync(source)]))
      copy(library, join(root, library));
  }
  for (const [link, target] of Object.entries(host.links ?? {})) {
    mkdirSync(dirname(join(root, link)), { recursive: true });
    symlinkSync(target, join(root, link));
  }
  for (const folder of host.folders ?? []) {
    const plugins = readdirSync(folder).map((name) => join(folder, name));
    for (const plugin of plugins) copy(plugin, join(root, plugin));
    // kube-proxy's rule for a service of two endpoints needs libxt_statistic.so, which alone needs libm.
    for (const library of await librariesOf(runner, plugins)) copy(library, join(root, library));
  }
}

/** Absolute paths of the shared libraries that `ldd` finds for programs and plugins. */
async function librariesOf(runner: Runner, files: readonly string[]): Promise<string[]> {
  const { stdout } = await runner.run(['ldd', ...files]);
  return parseLdd(stdout);
}

/** Each once, as they come. */
export function parseLdd(text: string): string[] {
  const paths = [...text.matchAll(/(?:=>\s+|^\s*)(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? []);
  return [...new Set(paths)];
}

function copy(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, target);
}
