/** Why something cannot be had where an orchestrator is tested: the tests of it are listed as skipped with that reason. */
export interface Inabilities {
  /** Services that run: parts that start, fail, are replaced, and answer. */
  running?: string;
}

/** How fast the tests of an orchestrator can be asked for. */
export interface Pace {
  /**
   * All tests of its behaviour run beside each other, five at a time: where the place can start the parts of so many.
   * Otherwise only those that wait the longest do.
   */
  atOnce?: boolean;
}

type Test = (title: string, work: () => Promise<void>, limitMs: number) => void;

/** Jest's `test`, or one whose tests are skipped by name. */
export function testUnless(reason: string | undefined): Test & { concurrent: Test } {
  if (reason === undefined) return test;
  const skip: Test = (title, work, limitMs) => test.skip(`${title} (skipped: ${reason})`, work, limitMs);
  return Object.assign(skip, { concurrent: skip });
}
