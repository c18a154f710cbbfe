import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Path and whole text of a file that a step writes. */
export interface MachineFile {
  path: string;
  content: string;
  /** For example 0o600; 0o644 when absent. */
  mode?: number;
}

export function isWritten({ path, content }: MachineFile): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === content;
}

/** Replaces a file in one go: whoever reads it, or a power cut, sees the old text or the new one. */
export function writeWhole({ path, content, mode = 0o644 }: MachineFile): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, content, { mode });
  renameSync(`${path}.new`, path);
}
