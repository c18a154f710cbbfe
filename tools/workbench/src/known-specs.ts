import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { writeWhole } from '@berth/exec';
import type { SpecInputs } from './spec-inputs';
import type { JestReport } from './test-report';

/** Lines in the file, of some thirty states of the workspace. The oldest ones go. */
const MOST = 5_000;

/** How many tests passed, and a key. A line that was cut off has no whole key. */
const line = /^(\d+) ([0-9a-f]{64})$/;

type Inputs = ReadonlyMap<string, SpecInputs>;

/** The specs that have to run, because no run of them on what they read now has passed, in any clone. */
export class KnownSpecs {
  readonly unknown: readonly string[];
  /** The number of tests in the others. */
  readonly passed: number;

  /** @param file for all clones */
  constructor(
    private readonly inputs: Inputs,
    private readonly file: string,
  ) {
    const known = read(file);
    const counts = [...inputs].map(([spec, { key }]) => ({ spec, count: known.get(key) }));
    this.unknown = counts.filter(({ count }) => count === undefined).map(({ spec }) => spec);
    this.passed = counts.reduce((sum, { count = 0 }) => sum + count, 0);
  }

  /**
   * Keeps the specs all of whose tests ran and passed, and forgets those that did not pass.
   * @param root absolute path of the workspace
   * @param now the inputs after the run: a spec for which they have changed meanwhile may have passed on either
   */
  keep(root: string, report: JestReport, now: Inputs): void {
    const before = read(this.file);
    const ran = new Map<string, number>();
    for (const { name, status, assertionResults } of report.testResults) {
      const spec = relative(root, name);
      const key = this.inputs.get(spec)?.key;
      if (key === undefined) continue;
      before.delete(key);
      const passed = status === 'passed' && assertionResults.every((test) => test.status === 'passed');
      if (passed && now.get(spec)?.key === key) ran.set(key, assertionResults.length);
    }
    const lines = [...ran, ...before].slice(0, MOST).map(([key, count]) => `${count} ${key}\n`);
    writeWhole({ path: this.file, content: lines.join('') });
  }
}

/** The number of tests by key. A line that is not well written is none. */
function read(file: string): Map<string, number> {
  const known = new Map<string, number>();
  if (!existsSync(file)) return known;
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    const [, count, key] = line.exec(text) ?? [];
    if (key !== undefined) known.set(key, Number(count));
  }
  return known;
}
