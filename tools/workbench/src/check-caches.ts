import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeWhole, type Runner } from '@berth/exec';

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

/** What decides whether a file is well formatted, beside its name and its text. */
const settings = ['.prettierrc.json', '.prettierignore', 'node_modules/prettier/package.json'];

/** The files of a workspace that Prettier has not yet found well formatted, here or in another clone. */
export class FormatCache {
  private constructor(
    readonly files: readonly string[],
    private readonly keys: readonly string[],
    private readonly path: string,
  ) {}

  /** @param cache folder for all clones */
  static async of(root: string, cache: string, runner: Runner): Promise<FormatCache> {
    const { stdout } = await runner.run(['git', 'ls-files', '-coz', '--exclude-standard'], { cwd: root });
    const path = join(cache, sha256(...settings.map((file) => readFileSync(join(root, file), 'utf8'))));
    const known = new Set(existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []);
    const keys = new Map(
      stdout
        .split('\0')
        .filter((file) => file !== '' && lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile())
        .map((file) => [file, sha256(file, readFileSync(join(root, file), 'utf8'))]),
    );
    const unknown = [...keys].filter(([, key]) => !known.has(key)).map(([file]) => file);
    return new FormatCache(unknown, [...keys.values()], path);
  }

  /** Called when Prettier has had nothing against `files`. */
  keep(): void {
    writeWhole({ path: this.path, content: this.keys.join('\n') });
  }
}

function sha256(...texts: string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
