import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Tree } from '@nx/devkit';

/** Reads a workspace: as it is on disk, or as a generator's Tree would leave it. Paths are relative to its root. */
export interface WorkspaceFiles {
  /** The text of a file, or undefined when there is none. */
  read(path: string): string | undefined;
  /** Paths of all files below a folder, relative to the folder, sorted; empty when there is no such folder. */
  list(folder: string): string[];
}

/** The workspace on disk at `root`. */
export function filesOnDisk(root: string): WorkspaceFiles {
  return {
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
    list: (folder) =>
      walk(
        folder,
        (path) => (existsSync(join(root, path)) ? readdirSync(join(root, path)) : []),
        (path) => statSync(join(root, path)).isFile(),
      ),
  };
}

/** What was read stays as it was: for whoever asks for the same files again and again while nothing changes. */
export function rememberedFiles(files: WorkspaceFiles): WorkspaceFiles {
  return { read: remembered(files.read), list: remembered(files.list) };
}

function remembered<Value>(ask: (path: string) => Value): (path: string) => Value {
  const known = new Map<string, Value>();
  return (path) => {
    if (!known.has(path)) known.set(path, ask(path));
    return known.get(path) as Value;
  };
}

/** The workspace that the Tree holds. */
export function filesOfTree(tree: Tree): WorkspaceFiles {
  return {
    read: (path) => tree.read(path, 'utf8') ?? undefined,
    list: (folder) =>
      walk(
        folder,
        (path) => tree.children(path),
        (path) => tree.isFile(path),
      ),
  };
}

function walk(
  folder: string,
  children: (path: string) => string[],
  isFile: (path: string) => boolean,
): string[] {
  const found: string[] = [];
  const visit = (path: string) => {
    for (const name of children(posix.join(folder, path))) {
      const below = posix.join(path, name);
      if (isFile(posix.join(folder, below))) found.push(below);
      else visit(below);
    }
  };
  visit('.');
  return found.sort();
}
