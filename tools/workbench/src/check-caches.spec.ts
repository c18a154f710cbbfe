import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { format, lint, UnknownFiles, withBuildInfo, type FileCheck } from './check-caches';
import { graphFile } from './project-graph';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'check-caches-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

describe('the files that a check has to look at', () => {
  const graph = (nodes: object, dependencies: object) => JSON.stringify({ graph: { nodes, dependencies } });
  const nodes = { a: { data: { root: 'libs/a', tags: ['type:pure'] } }, b: { data: { root: 'libs/b' } } };
  const settings = {
    '.prettierrc.json': '{}',
    '.prettierignore': '',
    '.gitignore': 'node_modules\n.berth\n',
    'node_modules/prettier/package.json': '{ "version": "3.0.0" }',
    'eslint.config.mjs': '',
    'package-lock.json': '{}',
    [graphFile]: graph(nodes, { a: [], b: [] }),
  };
  const clone = (name: string, files: Record<string, string>) => {
    for (const [path, text] of Object.entries({ ...settings, ...files })) write(`${name}/${path}`, text);
    execFileSync('git', ['init', '--quiet'], { cwd: join(folder, name) });
    return (check: FileCheck) =>
      UnknownFiles.of(join(folder, name), check, join(folder, 'cache'), new ProcessRunner());
  };

  it('are all, until it had nothing against them; then, in every clone, what has another text or name', async () => {
    const one = clone('one', { 'a.ts': 'a', 'b.ts': 'b' });
    expect((await one(format)).files).toEqual(expect.arrayContaining(['a.ts', 'b.ts', '.prettierrc.json']));
    expect((await one(format)).files).toContain('a.ts');
    (await one(format)).keep();
    expect((await one(format)).files).toEqual([]);
    const another = clone('another', { 'a.ts': 'a', 'b.ts': 'changed', 'c.ts': 'a' });
    expect((await another(format)).files).toEqual(['b.ts', 'c.ts']);
  });

  it('are programs for lint, whose rules know no other file', async () => {
    const one = clone('one', { 'a.ts': 'a', 'b.mjs': 'b', 'c.md': 'c', 'd.json': '{}', 'd.mts': 'd' });
    expect((await one(lint)).files).toEqual(['a.ts', 'b.mjs', 'd.mts', 'eslint.config.mjs']);
  });

  it.each([
    [format, '.prettierrc.json', '{ "changed": true }'],
    [format, '.prettierignore', 'changed'],
    [format, 'node_modules/prettier/package.json', '{ "version": "4.0.0" }'],
    [lint, 'eslint.config.mjs', 'changed'],
    [lint, 'package-lock.json', '{ "changed": true }'],
    [
      lint,
      graphFile,
      graph({ ...nodes, b: { data: { root: 'libs/b', tags: ['type:io'] } } }, { a: [], b: [] }),
    ],
    [lint, graphFile, graph(nodes, { a: [{ target: 'b', type: 'static' }], b: [] })],
  ])('are all again when what decides has changed (%#)', async (check, file, text) => {
    const one = clone('one', { 'a.ts': 'a' });
    (await one(check)).keep();
    expect((await one(check)).files).toEqual([]);
    write(`one/${file}`, text);
    expect((await one(check)).files).toContain('a.ts');
  });
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
