import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ProcessRunner } from '@berth/exec';
import { SpecReads } from './spec-reads';

const root = join(__dirname, '../../..');

/** What is read beside libs/model, and libs/exec, which guards the programs that it starts. */
async function outside(read: () => unknown): Promise<string[]> {
  const reads = new SpecReads(root, ['libs/model/', 'libs/exec/']);
  try {
    await Promise.resolve(read()).catch(() => undefined);
  } finally {
    reads.end();
  }
  return [...reads.outside];
}

const node = (...args: string[]) => [process.execPath, '--eval', '', ...args];

it.each([
  ['a file', () => fs.readFileSync(join(root, 'docs/adr/README.md')), 'docs/adr/README.md'],
  ['a file by a promise', () => fs.promises.readFile(join(root, 'README.md')), 'README.md'],
  ['a file that may be there', () => fs.existsSync(join(root, 'deploy/none')), 'deploy/none'],
  ['a folder', () => fs.readdirSync(join(root, 'libs')), 'libs'],
  ['a folder that is copied', () => fs.promises.cp(join(root, 'deploy'), '/dev/null'), 'deploy'],
  ['where a program runs', () => new ProcessRunner().run(node(), { cwd: root }), '.'],
  ['what a program gets', () => new ProcessRunner().run(node(join(root, 'docs'))), 'docs'],
  [
    'where it waits for a program',
    () => execFileSync(process.execPath, ['--eval', ''], { cwd: join(root, 'apps') }),
    'apps',
  ],
  ['a file by its URL', () => fs.readFileSync(pathToFileURL(join(root, 'README.md'))), 'README.md'],
])('sees %s beside the folders of the spec', async (_, read, seen) => {
  expect(await outside(read)).toEqual([seen]);
});

it.each([
  ['its own files', () => fs.readFileSync(join(root, 'libs/model/package.json'))],
  ['its own folders', () => fs.readdirSync(join(root, 'libs/model/src'))],
  ['which files are in the root', () => fs.promises.readdir(root)],
  ['settings above them', () => fs.readFileSync(join(root, 'tsconfig.base.json'))],
  ['npm packages', () => fs.readFileSync(join(root, 'node_modules/yaml/package.json'))],
  ['a file without a name', () => fs.existsSync('')],
  ['the files by which Nx knows the repository', () => fs.existsSync(join(root, '.git/HEAD'))],
  ['files elsewhere', () => fs.readFileSync('/etc/passwd')],
  ['a program there', () => new ProcessRunner().run(node('docs'), { cwd: join(root, 'libs/model') })],
])('has nothing against %s', async (_, read) => {
  expect(await outside(read)).toEqual([]);
});

it('leaves everything as it was', () => {
  const { readFileSync } = fs;
  const reads = new SpecReads(root, []);
  expect(fs.readFileSync).not.toBe(readFileSync);
  reads.end();
  expect(fs.readFileSync).toBe(readFileSync);
});
