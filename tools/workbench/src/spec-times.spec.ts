import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { keepSpecTimes, readSpecTimes } from './spec-times';
import type { JestReport } from './test-report';

let root: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spec-times-'));
  file = join(root, 'cache/spec-times.json');
});
afterEach(() => {
  delete process.env.BERTH_SPEC_TIMES;
  rmSync(root, { recursive: true });
});

/** A file of the workspace. @returns its absolute path */
function spec(path: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '');
  return join(root, path);
}

/** @param seconds that each spec took */
function report(seconds: Record<string, number>): JestReport {
  const testResults = Object.entries(seconds).map(([path, took]) => ({
    name: spec(path),
    startTime: 1_000,
    endTime: 1_000 + took * 1_000,
    message: '',
    status: 'passed',
    assertionResults: [],
  }));
  return { numPassedTests: 0, testResults };
}

/** The order in which Jest would run specs. */
async function order(paths: string[]): Promise<string[]> {
  const Sequencer = createRequire(__filename)('../../../jest.sequencer.cjs') as new () => {
    sort(tests: object[]): Promise<{ path: string }[]>;
  };
  const context = { config: { rootDir: root, cache: false }, hasteFS: { getSize: () => 0 } };
  const sorted = await new Sequencer().sort(paths.map((path) => ({ path: spec(path), context })));
  return sorted.map(({ path }) => path.slice(root.length + 1));
}

it('keeps the times of the specs that ran last, whichever run they were in', () => {
  keepSpecTimes(root, report({ 'a.spec.ts': 3, 'b.spec.ts': 5 }), file);
  keepSpecTimes(root, report({ 'b.spec.ts': 4 }), file);
  expect(readSpecTimes(file)).toEqual({ 'a.spec.ts': 3_000, 'b.spec.ts': 4_000 });
});

it('forgets a spec that is there no more, and keeps none that did not run', () => {
  keepSpecTimes(root, report({ 'a.spec.ts': 3, 'b.spec.ts': 5, 'skipped.spec.ts': 0 }), file);
  rmSync(join(root, 'a.spec.ts'));
  keepSpecTimes(root, report({}), file);
  expect(readSpecTimes(file)).toEqual({ 'b.spec.ts': 5_000 });
});

it('begins anew where the file is damaged', () => {
  keepSpecTimes(root, report({ 'a.spec.ts': 3 }), file);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 5));
  expect(readSpecTimes(file)).toEqual({});
  keepSpecTimes(root, report({ 'b.spec.ts': 4 }), file);
  expect(readSpecTimes(file)).toEqual({ 'b.spec.ts': 4_000 });
});

it('has Jest begin with what took longest, and before that with what is new', async () => {
  keepSpecTimes(root, report({ 'short.spec.ts': 1, 'long.spec.ts': 70, 'middle.spec.ts': 8 }), file);
  process.env.BERTH_SPEC_TIMES = file;
  expect(await order(['short.spec.ts', 'long.spec.ts', 'new.spec.ts', 'middle.spec.ts'])).toEqual([
    'new.spec.ts',
    'long.spec.ts',
    'middle.spec.ts',
    'short.spec.ts',
  ]);
});

it('has Jest begin with what is known to be long where no times are kept', async () => {
  process.env.BERTH_SPEC_TIMES = file;
  expect(await order(['a.spec.ts', 'libs/orchestrators/src/kubernetes/contract.real.spec.ts'])).toEqual([
    'libs/orchestrators/src/kubernetes/contract.real.spec.ts',
    'a.spec.ts',
  ]);
});
