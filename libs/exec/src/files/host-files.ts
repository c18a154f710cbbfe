import type { WholeFile } from './write-whole';

/** Files of a host: of this machine, or of one that is reached by a runner. Paths are absolute. */
export interface HostFiles {
  exists(path: string): Promise<boolean>;
  /** The text of a file; undefined when it is not there. */
  read(path: string): Promise<string | undefined>;
  /** Replaces files: whoever reads one sees the old text or the new one. Folders are made. */
  write(...files: readonly WholeFile[]): Promise<void>;
  /** Copies a program of this machine there, in place of what is there and may be running. */
  putProgram(source: string, target: string): Promise<void>;
  /** Names in a folder; none when it is not there. */
  list(folder: string): Promise<string[]>;
  /** Removes files, and folders with all that is in them; nothing when one is not there. */
  remove(...paths: readonly string[]): Promise<void>;
}
