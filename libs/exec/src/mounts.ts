import type { HostFiles } from './files/host-files';
import type { Runner } from './runner';

/** Paths in one command: over ssh it is one word, of 128 KiB at most. */
const AT_ONCE = 200;

/** Mount points below one of `folders`, the deepest first. */
export async function mountsBelow(
  { files }: { files: HostFiles },
  folders: readonly string[],
): Promise<string[]> {
  return mountPoints((await files.read('/proc/self/mountinfo')) ?? '', folders);
}

/** @param mountInfo as proc(5) describes it */
export function mountPoints(mountInfo: string, folders: readonly string[]): string[] {
  return mountInfo
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((path) => path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
    .filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    .reverse();
}

/** Unmounts all that is mounted at or below one of `folders`. */
export async function unmountBelow(
  { files, runner }: { files: HostFiles; runner: Runner },
  folders: readonly string[],
): Promise<void> {
  const paths = await mountsBelow({ files }, folders);
  // What a lingering process still uses is unmounted as soon as it ends.
  for (let begin = 0; begin < paths.length; begin += AT_ONCE)
    await runner.run(['umount', '--lazy', ...paths.slice(begin, begin + AT_ONCE)], {
      // One is not mounted any more, or none of them.
      expect: [0, 1, 32, 64],
    });
}
