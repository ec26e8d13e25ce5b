import { expect, test } from 'vitest';
import { percentilesOf, RunningSummary, summarizeNumbers } from '../../src/checkpoint/number-summary.ts';

test.each([
  ['none', [], []],
  ['one', [7], [7, 7, 7]],
  // A real Flink 2.3 showed these of subtasks that had been running for 16155 and 16176 ms.
  ['two', [16176, 16155], [16155, 16165.5, 16176]],
  ['four', [1, 2, 3, 4], [1.25, 2.5, 3.75]],
])('percentiles 25, 50 and 75 of %s', (_title, values, expected) => {
  expect(percentilesOf(values, [25, 50, 75])).toEqual(expected);
});

test('a summary of nothing, and of some numbers', () => {
  expect(summarizeNumbers([])).toEqual({ min: 0, max: 0, average: 0, percentiles: [] });
  expect(summarizeNumbers([10, 20, 33])).toEqual({ min: 10, max: 33, average: 21, percentiles: [20, 33, 33, 33, 33] });
});

test('least, greatest and average are of all numbers, percentiles of the newest thousand', () => {
  const summary = new RunningSummary();
  for (let value = 1; value <= 3000; value++) {
    summary.add(value);
    if (value === 10) expect(summary.view().percentiles[0]).toBe(5.5);
  }
  const { min, max, average, percentiles } = summary.view();
  expect([min, max, average, percentiles[0]]).toEqual([1, 3000, 1500, 2500.5]);
  expect(summary.view()).toBe(summary.view());
});
