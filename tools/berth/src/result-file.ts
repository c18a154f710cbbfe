import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Writes what a command found or did as JSON, whole or not at all. Programs read this file: what a task of Nx
 * prints can be lost when the output is no terminal.
 */
export function writeResult(workspaceRoot: string, file: string | undefined, value: unknown): void {
  if (!file) return;
  const path = resolve(workspaceRoot, file);
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(draft, path);
}
