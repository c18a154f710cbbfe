import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { restingTests } from './jest-stage';
import { Progress } from './progress';
import { graphFile } from './project-graph';
import { isHermetic } from './spec-inputs';
import { readSpecTimes } from './spec-times';
import { Timings } from './timings';

jest.setTimeout(120_000);

const repository = join(__dirname, '../../..');
let root: string;
let printed: string[];

beforeEach(() => {
  printed = [];
  root = realpathSync(mkdtempSync(join(tmpdir(), 'jest-stage-')));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

async function run(mayRest?: (path: string) => boolean) {
  const print = (line: string) => void printed.push(line);
  const signal = new AbortController().signal;
  const progress = new Progress(new Timings(join(root, '.berth/timings.json')), print, false, signal);
  const stage = {
    title: 'Unit tests',
    args: ['--runInBand'],
    isSpec: isHermetic,
    ...(mayRest && { mayRest }),
  };
  const folders = { reports: join(root, '.berth/test'), cache: join(root, '.berth/cache') };
  return restingTests({ root, progress, print, signal }, stage, folders);
}

it('runs only what may come to something else, and fails a spec that reads more than is known of it', async () => {
  const preset = JSON.stringify(join(repository, 'jest.preset.cjs'));
  write('jest.config.cjs', `module.exports = require(${preset});\n`);
  write('.gitignore', 'node_modules\n.berth\n');
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  const nodes = { a: { data: { root: 'libs/a' } }, b: { data: { root: 'libs/b' } } };
  write(graphFile, JSON.stringify({ graph: { nodes, dependencies: { a: [], b: [] } } }));
  write('libs/a/a.spec.ts', `it('is one', () => undefined);\nit('is another', () => undefined);\n`);
  const reads = (path: string) =>
    `it('reads', () => void require('node:fs').readFileSync(${JSON.stringify(path)}));\n`;
  write('libs/b/b.spec.ts', reads('libs/a/a.spec.ts'));
  execFileSync('git', ['init', '--quiet'], { cwd: root });

  const { passed, failed, failures } = await run();
  expect({ passed, failed }).toEqual({ passed: 3, failed: 1 });
  expect(failures[0]).toMatch(/libs\/b\/b\.spec\.ts reads .*: libs\/a\/a\.spec\.ts\. .*spec-inputs\.ts/);

  write('libs/b/b.spec.ts', reads('libs/b/b.spec.ts'));
  expect(await run()).toEqual({ passed: 3, failed: 0, failures: [] });
  expect(printed.at(-1)).toContain(
    'Unit tests: 3 passed, 2 of them as before: nothing that they read has changed',
  );
  expect(Object.keys(readSpecTimes(join(root, '.berth/cache/spec-times.json')))).toEqual([
    'libs/a/a.spec.ts',
    'libs/b/b.spec.ts',
  ]);

  // Nothing watches what those read that run each time.
  write('libs/b/b.spec.ts', reads('libs/a/a.spec.ts'));
  for (let each = 0; each < 2; each++) {
    const isOfA = (path: string) => path.startsWith('libs/a/');
    expect(await run(isOfA)).toEqual({ passed: 3, failed: 0, failures: [] });
    expect(printed.at(-1)).toContain('3 passed, 2 of them as before');
  }
  write('libs/b/b.spec.ts', reads('libs/b/b.spec.ts'));

  // There is no Jest to run any more.
  rmSync(join(root, 'node_modules'));
  expect(await run()).toEqual({ passed: 3, failed: 0, failures: [] });
  expect(printed.at(-1)).toContain('3 passed, 3 of them as before');
});
