import { existsSync, readFileSync } from 'node:fs';
import type { WholeFile } from '@berth/exec';

export { writeWhole } from '@berth/exec';

/** Path and whole text of a file that a step writes. */
export type MachineFile = WholeFile;

export function isWritten({ path, content }: MachineFile): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === content;
}
