import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { FormatCache, withBuildInfo } from './check-caches';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'check-caches-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

describe('the files that Prettier has to look at', () => {
  const clone = (name: string, files: Record<string, string>) => {
    const settings = { '.prettierrc.json': '{}', '.prettierignore': '', '.gitignore': 'node_modules' };
    const prettier = { 'node_modules/prettier/package.json': '{ "version": "3.0.0" }' };
    for (const [path, text] of Object.entries({ ...settings, ...prettier, ...files }))
      write(`${name}/${path}`, text);
    execFileSync('git', ['init', '--quiet'], { cwd: join(folder, name) });
    return () => FormatCache.of(join(folder, name), join(folder, 'cache'), new ProcessRunner());
  };

  it('are all, until it had nothing against them; then, in every clone, what has another text or name', async () => {
    const one = clone('one', { 'a.ts': 'a', 'b.ts': 'b' });
    expect((await one()).files).toEqual(expect.arrayContaining(['a.ts', 'b.ts', '.prettierrc.json']));
    expect((await one()).files).toContain('a.ts');
    (await one()).keep();
    expect((await one()).files).toEqual([]);
    const another = clone('another', { 'a.ts': 'a', 'b.ts': 'changed', 'c.ts': 'a' });
    expect((await another()).files).toEqual(['b.ts', 'c.ts']);
  });

  it.each(['.prettierrc.json', '.prettierignore', 'node_modules/prettier/package.json'])(
    'are all again when %s has changed',
    async (file) => {
      const one = clone('one', { 'a.ts': 'a' });
      (await one()).keep();
      write(`one/${file}`, '{ "changed": true }');
      expect((await one()).files).toContain('a.ts');
    },
  );
});

describe('what tsc found', () => {
  it('is kept when nothing was wrong, and given to a clone that has none', async () => {
    const cache = join(folder, 'cache');
    const inOne = join(folder, 'one/types.tsbuildinfo');
    const inAnother = join(folder, 'another/types.tsbuildinfo');
    const failing = withBuildInfo(inOne, cache, async () => {
      write('one/types.tsbuildinfo', 'with an error');
      throw new Error('a type is wrong');
    });
    await expect(failing).rejects.toThrow('a type is wrong');
    expect(existsSync(cache)).toBe(false);
    await withBuildInfo(inOne, cache, async () => write('one/types.tsbuildinfo', 'well'));
    await withBuildInfo(inAnother, cache, async () => {
      expect(readFileSync(inAnother, 'utf8')).toBe('well');
    });
  });
});
