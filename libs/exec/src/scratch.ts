import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaveWish } from './guard/guard';
import { isGone, ownMark } from './supervisor/process-table';

const PREFIX = 'berth-run-';

/**
 * Makes a folder the place of all temporary files, of this process and of the programs that it starts, until it is
 * given back. It goes when this process ends, however it does; what a power cut has left of earlier ones goes now.
 * @param environment whose TMPDIR is set, as os.tmpdir() reads it
 * @returns gives it back, with all that is in it
 */
export function ownTemporaryFolder(environment: NodeJS.ProcessEnv): () => void {
  const parent = tmpdir();
  removeAbandoned(parent, PREFIX);
  const before = environment['TMPDIR'];
  const folder = mkdtempSync(join(parent, `${PREFIX}${ownMark()}-`));
  const withdraw = leaveWish({ folder });
  environment['TMPDIR'] = folder;
  return () => {
    if (before === undefined) delete environment['TMPDIR'];
    else environment['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
    withdraw();
  };
}

/** Removes entries of `folder` named `<prefix><mark of their owner>…` whose owner has ended. */
export function removeAbandoned(folder: string, prefix: string): void {
  for (const name of entriesOf(folder)) {
    const mark = name.startsWith(prefix) ? /^\d+-\d+/.exec(name.slice(prefix.length))?.[0] : undefined;
    if (mark === undefined || !isGone(mark)) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // Another user's: its owner removes it.
    }
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
