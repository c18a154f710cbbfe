import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeWhole } from '@berth/exec';
import { UserError } from '@berth/model';
import type { JestReport } from './test-report';

/** Milliseconds that each spec took last, by its path in the workspace. */
export type SpecTimes = Readonly<Record<string, number>>;

/**
 * Keeps how long the specs of a run took, for jest.sequencer.cjs. Those of specs that the workspace does not have go.
 * @param root absolute path of the workspace
 * @param file for all clones; several runs may end at once, and then the figures of one are lost
 */
export function keepSpecTimes(root: string, report: JestReport, file: string): void {
  const ran = report.testResults
    .filter(({ startTime, endTime }) => endTime > startTime)
    .map(({ name, startTime, endTime }) => [relative(root, name), endTime - startTime] as const);
  const times = { ...readSpecTimes(file), ...Object.fromEntries(ran) };
  const there = Object.entries(times).filter(([path]) => existsSync(join(root, path)));
  const sorted = Object.fromEntries(there.sort(([one], [other]) => (one < other ? -1 : 1)));
  try {
    writeWhole({ path: file, content: `${JSON.stringify(sorted, null, 2)}\n` });
  } catch (error) {
    // They decide about the order only.
    if (!(error instanceof UserError)) throw error;
  }
}

/** A missing or damaged file is no reason to stop. */
export function readSpecTimes(file: string): SpecTimes {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) ?? {}) as SpecTimes;
  } catch {
    return {};
  }
}
