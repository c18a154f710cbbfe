/** Why something cannot be had where an orchestrator is tested: the tests of it are listed as skipped with that reason. */
export interface Inabilities {
  /** Services that run: parts that start, fail, are replaced, and answer. */
  running?: string;
}

type Test = (title: string, work: () => Promise<void>, limitMs: number) => void;

/** Jest's `test`, or one whose tests are skipped by name. */
export function testUnless(reason: string | undefined): Test & { concurrent: Test } {
  if (reason === undefined) return test;
  const skip: Test = (title, work, limitMs) => test.skip(`${title} (skipped: ${reason})`, work, limitMs);
  return Object.assign(skip, { concurrent: skip });
}
