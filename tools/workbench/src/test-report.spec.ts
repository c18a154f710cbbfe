import { fromJest, oneCheck, total } from './test-report';

const assertion = (status: string, fullName: string) => ({
  status,
  fullName,
  failureMessages: status === 'failed' ? ['why'] : [],
});

const times = { startTime: 1, endTime: 2 };

it('counts each failed test, and a file that could not run as one failure', () => {
  const result = fromJest('Unit tests', {
    numPassedTests: 3,
    testResults: [
      {
        name: 'a.spec.ts',
        ...times,
        message: '',
        status: 'failed',
        assertionResults: [assertion('failed', 'a does'), assertion('passed', 'b')],
      },
      {
        name: 'broken.spec.ts',
        ...times,
        message: 'Cannot find module',
        status: 'failed',
        assertionResults: [],
      },
    ],
  });
  expect(result).toEqual({
    passed: 3,
    failed: 2,
    failures: ['Unit tests: a does\nwhy', 'Unit tests: broken.spec.ts\nCannot find module'],
  });
});

it('takes a stage in which nothing ran for a failure', () => {
  expect(fromJest('End to end', { numPassedTests: 0, testResults: [] }).failed).toBe(1);
});

it('adds the stages up', () => {
  const failed = oneCheck('Lint', new Error('2 problems'));
  expect(total([oneCheck('Types', undefined), failed])).toEqual({
    passed: 1,
    failed: 1,
    failures: ['Lint: 2 problems'],
  });
});
