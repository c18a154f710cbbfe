import { resolve } from 'node:path';
import { writeWhole } from '@berth/exec';
import { UserError } from '@berth/model';

/**
 * Writes what a command found or did as JSON, whole or not at all. Programs read this file: what a task of Nx
 * prints can be lost when the output is no terminal.
 * @throws UserError when the disk is full or the file may not be written
 */
export function writeResult(workspaceRoot: string, file: string | undefined, value: unknown): void {
  if (!file) return;
  writeWhole({ path: resolve(workspaceRoot, file), content: `${JSON.stringify(value, null, 2)}\n` });
}

/** The same for a command that has failed: a disk that is full must not hide why. */
export function writeFailure(workspaceRoot: string, file: string | undefined, value: unknown): void {
  try {
    writeResult(workspaceRoot, file, value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
  }
}
