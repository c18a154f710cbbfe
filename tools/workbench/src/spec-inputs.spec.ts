import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { graphFile } from './project-graph';
import { specInputs } from './spec-inputs';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'spec-inputs-'))));
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

const graph = (dependencies: Record<string, string[]>) =>
  JSON.stringify({
    graph: {
      nodes: Object.fromEntries(
        ['libs/a', 'libs/b', 'libs/c', 'tools/workbench'].map((root) => [root.slice(5), { data: { root } }]),
      ),
      dependencies: Object.fromEntries(
        Object.entries(dependencies).map(([name, targets]) => [
          name,
          targets.map((target) => ({ target, type: 'static' })),
        ]),
      ),
    },
  });

/** `a` needs `b`, which needs `c`; nothing needs the workbench, one of whose specs is of everything. */
function workspace(): void {
  write('.gitignore', '.berth\nnode_modules\n');
  write('package-lock.json', '{}');
  write('README.md', 'about');
  write('docs/page.md', 'more');
  write('libs/a/src/a.spec.ts', 'a');
  write('libs/a/src/a.real.spec.ts', 'a');
  write('libs/b/src/b.spec.ts', 'b');
  write('libs/b/src/b.ts', 'b');
  write('libs/b/__golden__/b.yaml', 'b: 1');
  write('libs/c/src/c.ts', 'c');
  write('tools/workbench/src/packages.spec.ts', 'all');
  write(graphFile, graph({ a: ['b', 'npm:yaml'], b: ['c'], c: ['b'] }));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
}

const inputs = () => specInputs(root, new ProcessRunner());

/** The specs that a change makes run again. */
async function changedBy(change: () => void): Promise<string[]> {
  const before = await inputs();
  change();
  return [...(await inputs())]
    .filter(([spec, { key }]) => key !== before.get(spec)?.key)
    .map(([spec]) => spec);
}

it('are of the specs that Jest finds in this repository', async () => {
  const repository = join(__dirname, '../../..');
  const runner = new ProcessRunner({ cwd: repository });
  const { stdout } = await runner.run([process.execPath, 'node_modules/jest/bin/jest.js', '--listTests']);
  const found = stdout.trim().split('\n');
  const known = await specInputs(repository, runner);
  expect(found.map((path) => relative(repository, path)).sort()).toEqual([...known.keys()].sort());
}, 60_000);

const a = 'libs/a/src/a.spec.ts';
const b = 'libs/b/src/b.spec.ts';
const all = 'tools/workbench/src/packages.spec.ts';

it('are of each hermetic spec, committed or not, with the folders of its projects', async () => {
  workspace();
  const found = await inputs();
  expect(Object.fromEntries([...found].map(([spec, { folders }]) => [spec, folders]))).toEqual({
    [a]: ['libs/a/', 'libs/b/', 'libs/c/'],
    [b]: ['libs/b/', 'libs/c/'],
    [all]: [''],
  });
  expect(new Set([...found.values()].map(({ key }) => key)).size).toBe(3);
});

it('are of those specs alone that are asked for', async () => {
  workspace();
  const found = await specInputs(root, new ProcessRunner(), (path) => path.endsWith('.real.spec.ts'));
  expect([...found.keys()]).toEqual(['libs/a/src/a.real.spec.ts']);
});

it.each([
  ['nothing', () => undefined, []],
  ['the spec', () => write(a, 'changed'), [a, all]],
  ['what it imports', () => write('libs/b/src/b.ts', 'changed'), [a, b, all]],
  ['what that imports', () => write('libs/c/src/c.ts', 'changed'), [a, b, all]],
  ['a golden file', () => write('libs/b/__golden__/b.yaml', 'b: 2'), [a, b, all]],
  ['a file that comes', () => write('libs/c/new.json', '{}'), [a, b, all]],
  ['a file that goes', () => rmSync(join(root, 'libs/b/src/b.ts')), [a, b, all]],
  ['a file that becomes a program', () => chmodSync(join(root, 'libs/c/src/c.ts'), 0o755), [a, b, all]],
  ['a link', () => symlinkSync('c.ts', join(root, 'libs/c/src/d.ts')), [a, b, all]],
  ['an npm package', () => write('package-lock.json', '{ "changed": true }'), [a, b, all]],
  ['a setting in the root', () => write('jest.preset.cjs', 'changed'), [a, b, all]],
  ['what a project needs', () => write(graphFile, graph({ a: ['b'] })), [a, b]],
  ['a setting in the folder above', () => write('libs/.swcrc', '{}'), [a, b, all]],
  ['a setting in another folder', () => write('apps/.swcrc', '{}'), [all]],
  ['a page in the root', () => write('README.md', 'changed'), [all]],
  ['a page elsewhere', () => write('docs/page.md', 'changed'), [all]],
  ['a file that Git ignores', () => write('node_modules/b.js', 'changed'), []],
])('make run again what reads it: %s', async (_, change, again) => {
  workspace();
  expect(await changedBy(change)).toEqual(again);
});

it('are other ones with another Node', async () => {
  workspace();
  const { version } = process;
  const other = () => Object.defineProperty(process, 'version', { value: 'v0.1.0' });
  try {
    expect(await changedBy(other)).toEqual([a, b, all]);
  } finally {
    Object.defineProperty(process, 'version', { value: version });
  }
});

it.each([
  ['there is no project graph', () => rmSync(join(root, graphFile))],
  ['the spec is in no project', () => write(graphFile, graph({}).replaceAll('libs/', 'lib/'))],
])('are the whole repository when %s', async (_, change) => {
  workspace();
  change();
  expect([...(await inputs()).values()].map(({ folders }) => folders)).toEqual([[''], [''], ['']]);
  expect(await changedBy(() => write('docs/page.md', 'changed'))).toEqual([a, b, all]);
});
