import { expect, test } from 'vitest';
import { countResults } from '../count-results.mjs';

const good = {
  numPassedTests: 2,
  numFailedTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'passed' }] }],
};
const bad = {
  numPassedTests: 1,
  numFailedTests: 1,
  testResults: [{ status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] }],
};
const broken = { numPassedTests: 0, numFailedTests: 0, testResults: [{ status: 'failed', assertionResults: [] }] };

test('results of several runs are added up', () => {
  expect(countResults([good, good], 0)).toEqual({ passed: 4, failed: 0 });
  expect(countResults([good, bad], 1)).toEqual({ passed: 3, failed: 1 });
});

test('a test file that does not load is a failure', () => {
  expect(countResults([good, broken], 1)).toEqual({ passed: 2, failed: 1 });
});

test('a failed stage without failed tests is a failure', () => {
  expect(countResults([good], 2)).toEqual({ passed: 2, failed: 2 });
  expect(countResults([], 1)).toEqual({ passed: 0, failed: 1 });
});
