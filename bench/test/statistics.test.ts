import { expect, test } from 'vitest';
import { pairRatios, quantileOfSorted, spreadOf } from '../src/statistics.ts';

test('the median of an odd number of runs is the middle one, whatever their order', () => {
  expect(spreadOf([9, 1, 5])).toEqual({ min: 1, median: 5, max: 9 });
});

test('the median of an even number of runs lies between the two in the middle', () => {
  expect(spreadOf([10, 2, 4, 8])).toEqual({ min: 2, median: 6, max: 10 });
});

test('one run is its own spread and none is refused', () => {
  expect(spreadOf([3])).toEqual({ min: 3, median: 3, max: 3 });
  expect(() => spreadOf([])).toThrow(RangeError);
});

test('ratios pair runs of the same round, so a machine that slows down does not change them', () => {
  expect(pairRatios([8, 4, 2], [4, 2, 1])).toEqual([2, 2, 2]);
});

test('unpaired runs are refused', () => {
  expect(() => pairRatios([1, 2], [1])).toThrow('2 and 1');
});

test('quantiles are interpolated and reach both ends', () => {
  const sorted = [0, 10, 20, 30, 40];
  expect([0, 0.25, 0.9, 1].map((quantile) => quantileOfSorted(sorted, quantile))).toEqual([0, 10, 36, 40]);
});
