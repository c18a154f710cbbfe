import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from './file-error';
import type { HostFiles } from './host-files';
import { writeWhole, type WholeFile } from './write-whole';

/** Files of this machine. */
export class LocalFiles implements HostFiles {
  async exists(path: string): Promise<boolean> {
    return existsSync(path);
  }

  async read(path: string): Promise<string | undefined> {
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }

  async write(...files: readonly WholeFile[]): Promise<void> {
    writeWhole(...files);
  }

  /** A running program's file can't be written to, but replaced. */
  async putProgram(source: string, target: string): Promise<void> {
    const draft = `${target}.new`;
    try {
      mkdirSync(dirname(target), { recursive: true });
      cpSync(source, draft);
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { force: true });
      throw fileError(error, target);
    }
  }

  async list(folder: string): Promise<string[]> {
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  async remove(...paths: readonly string[]): Promise<void> {
    for (const path of paths) rmSync(path, { recursive: true, force: true });
  }
}
