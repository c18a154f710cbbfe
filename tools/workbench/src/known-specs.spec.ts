import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownSpecs } from './known-specs';
import type { JestReport } from './test-report';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'known-specs-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const root = '/a/clone';
const key = (digit: string) => digit.repeat(64);
const inputs = (keys: Record<string, string>) =>
  new Map(Object.entries(keys).map(([spec, digit]) => [spec, { key: key(digit), folders: [] }]));
const file = () => join(folder, 'specs');
const known = (keys: Record<string, string>) => new KnownSpecs(inputs(keys), file());

/** @param specs the statuses of the tests of each */
function report(specs: Record<string, string[]>): JestReport {
  const testResults = Object.entries(specs).map(([spec, statuses]) => ({
    name: join(root, spec),
    startTime: 1,
    endTime: 2,
    message: '',
    status: statuses.includes('failed') || statuses.length === 0 ? 'failed' : 'passed',
    assertionResults: statuses.map((status) => ({ status, fullName: 'does', failureMessages: [] })),
  }));
  return { numPassedTests: 0, testResults };
}

function run(keys: Record<string, string>, specs: Record<string, string[]>): void {
  known(keys).keep(root, report(specs), inputs(keys));
}

it('lets a spec rest that has passed on the same inputs, and counts its tests', () => {
  expect(known({ 'a.spec.ts': '1', 'b.spec.ts': '2' })).toMatchObject({
    unknown: ['a.spec.ts', 'b.spec.ts'],
    passed: 0,
  });
  run({ 'a.spec.ts': '1', 'b.spec.ts': '2' }, { 'a.spec.ts': ['passed', 'passed'], 'b.spec.ts': ['passed'] });
  expect(known({ 'a.spec.ts': '1', 'b.spec.ts': '2' })).toMatchObject({ unknown: [], passed: 3 });
  expect(known({ 'a.spec.ts': '1', 'b.spec.ts': '3' })).toMatchObject({ unknown: ['b.spec.ts'], passed: 2 });
});

it.each([
  ['one of its tests failed', ['passed', 'failed']],
  ['it could not run', []],
  ['one of its tests was skipped, as here it had nothing to run on', ['passed', 'pending']],
  ['one of its tests is still to be written', ['passed', 'todo']],
])('does not keep a spec when %s', (_, statuses) => {
  run({ 'a.spec.ts': '1', 'b.spec.ts': '2' }, { 'a.spec.ts': statuses, 'b.spec.ts': ['passed'] });
  expect(known({ 'a.spec.ts': '1', 'b.spec.ts': '2' })).toMatchObject({ unknown: ['a.spec.ts'], passed: 1 });
});

it('forgets a spec that has passed before when it fails on the same inputs', () => {
  run({ 'a.spec.ts': '1' }, { 'a.spec.ts': ['passed'] });
  run({ 'a.spec.ts': '1' }, { 'a.spec.ts': ['failed'] });
  expect(known({ 'a.spec.ts': '1' }).unknown).toEqual(['a.spec.ts']);
});

it('does not keep a spec whose inputs have changed while it ran', () => {
  known({ 'a.spec.ts': '1' }).keep(root, report({ 'a.spec.ts': ['passed'] }), inputs({ 'a.spec.ts': '2' }));
  expect(known({ 'a.spec.ts': '1' }).unknown).toEqual(['a.spec.ts']);
  expect(known({ 'a.spec.ts': '2' }).unknown).toEqual(['a.spec.ts']);
});

it('takes a line that was cut off for none', () => {
  run({ 'a.spec.ts': '1' }, { 'a.spec.ts': ['passed', 'passed'] });
  const text = readFileSync(file(), 'utf8');
  for (let length = 0; length < text.trimEnd().length; length++) {
    writeFileSync(file(), text.slice(0, length));
    expect(known({ 'a.spec.ts': '1' }).unknown).toEqual(['a.spec.ts']);
  }
  writeFileSync(file(), text);
  expect(known({ 'a.spec.ts': '1' }).passed).toBe(2);
});

it('keeps what two runs at once have found', () => {
  const one = known({ 'a.spec.ts': '1' });
  const other = known({ 'a.spec.ts': '2' });
  other.keep(root, report({ 'a.spec.ts': ['passed'] }), inputs({ 'a.spec.ts': '2' }));
  one.keep(root, report({ 'a.spec.ts': ['passed', 'passed'] }), inputs({ 'a.spec.ts': '1' }));
  expect([known({ 'a.spec.ts': '1' }).passed, known({ 'a.spec.ts': '2' }).passed]).toEqual([2, 1]);
});
