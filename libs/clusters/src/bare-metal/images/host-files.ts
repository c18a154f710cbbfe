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
  /** Folders of plugins that are loaded at run time, taken with their path. */
  folders?: readonly string[];
}

/** Changes when one of the programs does. */
export function hostProgramsKey({ programs, folders = [] }: HostPrograms): string {
  const hash = createHash('sha256');
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
    for (const library of await librariesOf(runner, source)) copy(library, join(root, library));
  }
  for (const [link, target] of Object.entries(host.links ?? {})) {
    mkdirSync(dirname(join(root, link)), { recursive: true });
    symlinkSync(target, join(root, link));
  }
  for (const folder of host.folders ?? []) {
    for (const name of readdirSync(folder)) copy(join(folder, name), join(root, folder, name));
  }
}

/** Absolute paths of the shared libraries that `ldd` finds for a program. */
async function librariesOf(runner: Runner, program: string): Promise<string[]> {
  const { stdout } = await runner.run(['ldd', realpathSync(program)]);
  return parseLdd(stdout);
}

export function parseLdd(text: string): string[] {
  return [...text.matchAll(/(?:=>\s+|^\s*)(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? []);
}

function copy(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, target);
}
