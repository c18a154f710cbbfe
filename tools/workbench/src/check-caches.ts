import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeWhole, type Runner } from '@berth/exec';
import { readProjectGraph } from './project-graph';

/**
 * Gives a new clone what tsc found in another one (`tsBuildInfoFile` of a tsconfig.json), and keeps what it finds
 * here. Its paths are relative, and it knows files by their content, so it is as good in every clone.
 * @param file absolute path
 * @param cache folder for all clones
 */
export async function withBuildInfo(file: string, cache: string, check: () => Promise<void>): Promise<void> {
  const kept = join(cache, basename(file));
  if (!existsSync(file) && existsSync(kept)) copy(kept, file);
  await check();
  copy(file, kept);
}

function copy(from: string, to: string): void {
  writeWhole({ path: to, content: readFileSync(from, 'utf8') });
}

/** A check that looks at each file for itself. */
export interface FileCheck {
  /** The texts of everything that decides, beside a file's name and its text, whether it is well. */
  settings(root: string): string[];
  /** Of a file's path in the workspace. */
  concerns(path: string): boolean;
}

/** The files of a workspace that a check has not yet found well, here or in another clone. */
export class UnknownFiles {
  private constructor(
    readonly files: readonly string[],
    private readonly keys: readonly string[],
    private readonly path: string,
  ) {}

  /** @param cache folder for all clones */
  static async of(root: string, check: FileCheck, cache: string, runner: Runner): Promise<UnknownFiles> {
    const { stdout } = await runner.run(['git', 'ls-files', '-coz', '--exclude-standard'], { cwd: root });
    const path = join(cache, sha256(...check.settings(root)));
    const known = new Set(existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []);
    const keys = new Map(
      stdout
        .split('\0')
        .filter((file) => file !== '' && check.concerns(file))
        .filter((file) => lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile())
        .map((file) => [file, sha256(file, readFileSync(join(root, file), 'utf8'))]),
    );
    const unknown = [...keys].filter(([, key]) => !known.has(key)).map(([file]) => file);
    return new UnknownFiles(unknown, [...keys.values()], path);
  }

  /** Called when the check has had nothing against `files`. */
  keep(): void {
    writeWhole({ path: this.path, content: this.keys.join('\n') });
  }
}

const textsOf = (root: string, files: readonly string[]) =>
  files.map((file) => readFileSync(join(root, file), 'utf8'));

export const format: FileCheck = {
  settings: (root) =>
    textsOf(root, ['.prettierrc.json', '.prettierignore', 'node_modules/prettier/package.json']),
  concerns: () => true,
};

/** No rule looks at types. The one of the module boundaries looks at the projects, and at which of them need which. */
export const lint: FileCheck = {
  settings: (root) => {
    const { nodes, dependencies } = readProjectGraph(root);
    const projects = Object.entries(nodes).map(([name, { data }]) => [name, data.root, data.tags]);
    const needs = Object.entries(dependencies).map(([name, others]) => [
      name,
      ...others.map(({ target, type }) => `${type} ${target}`).sort(),
    ]);
    return [
      ...textsOf(root, ['eslint.config.mjs', 'package-lock.json']),
      ...[projects, needs].map((list) => JSON.stringify(list.sort())),
    ];
  },
  concerns: (path) => /\.([cm]?[jt]s|tsx)$/.test(path),
};

function sha256(...texts: string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
