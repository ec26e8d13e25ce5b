import { expect, test } from 'vitest';
import { quantileOfHistogram } from '../yeoul/histogram-quantile.ts';

test('quantiles of counts are those of the values written out', () => {
  const counts = new Map([
    [30, 1],
    [10, 98],
    [20, 1],
  ]);
  expect([0, 0.5, 0.98, 0.99, 1].map((quantile) => quantileOfHistogram(counts, quantile))).toEqual([
    10, 10, 10, 20, 30,
  ]);
});

test('an empty histogram has no quantiles', () => {
  expect(quantileOfHistogram(new Map(), 0.5)).toBeNaN();
});
