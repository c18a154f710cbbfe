/** What one stage of `npm test` found. */
export interface CheckResult {
  passed: number;
  failed: number;
  /** A line or a few for each failure. */
  failures: string[];
}

/** The part of Jest's `--json` report that is used here. */
export interface JestReport {
  numPassedTests: number;
  testResults: {
    name: string;
    /** Milliseconds since 1970. */
    startTime: number;
    endTime: number;
    /** Set when the file itself could not run. */
    message: string;
    status: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

export function oneCheck(title: string, error: Error | undefined): CheckResult {
  if (!error) return { passed: 1, failed: 0, failures: [] };
  return { passed: 0, failed: 1, failures: [`${title}: ${error.message}`] };
}

/** A file that could not run counts as one failure; a stage in which no test ran is a failure too. */
export function fromJest(title: string, report: JestReport): CheckResult {
  const failures: string[] = [];
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    for (const test of failed)
      failures.push(`${title}: ${test.fullName}\n${test.failureMessages.join('\n')}`);
    if (file.status === 'failed' && failed.length === 0)
      failures.push(`${title}: ${file.name}\n${file.message}`);
  }
  if (report.numPassedTests === 0 && failures.length === 0) failures.push(`${title}: no test ran`);
  return { passed: report.numPassedTests, failed: failures.length, failures };
}

export function total(results: CheckResult[]): CheckResult {
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    failures: results.flatMap(({ failures }) => failures),
  };
}
