import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from './file-error';

/** Absolute path and whole text of a file. */
export interface WholeFile {
  path: string;
  content: string;
  /** For example 0o600; 0o644 when absent. */
  mode?: number;
}

/**
 * Replaces files: whoever reads one, or a power cut, sees the old text or the new one. All of them are written beside
 * before the first is replaced, so that a full disk changes none and leaves no draft.
 * @throws UserError when the disk is full or a file may not be written
 */
export function writeWhole(...files: readonly WholeFile[]): void {
  const drafts: { draft: string; path: string }[] = [];
  let at = '';
  try {
    for (const { path, content, mode = 0o644 } of files) {
      at = path;
      mkdirSync(dirname(path), { recursive: true });
      const draft = `${path}.${process.pid}.new`;
      drafts.push({ draft, path });
      writeFileSync(draft, content, { mode });
    }
    for (const { draft, path } of drafts) {
      at = path;
      renameSync(draft, path);
    }
  } catch (error) {
    for (const { draft } of drafts) remove(draft);
    throw fileError(error, at);
  }
}

/** What cannot be removed either must not hide why the file could not be written. */
function remove(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    return;
  }
}
