import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Accumulator,
  AverageAccumulator,
  DoubleCounter,
  DoubleMaximum,
  DoubleMinimum,
  HistogramAccumulator,
  IntCounter,
  IntMaximum,
  IntMinimum,
  ListAccumulator,
  LongCounter,
  LongMaximum,
  LongMinimum,
} from '../../src/index.ts';

const kinds: Readonly<Record<string, () => Accumulator<number, unknown>>> = {
  IntCounter: () => new IntCounter(),
  LongCounter: () => new LongCounter(),
  DoubleCounter: () => new DoubleCounter(),
  IntMinimum: () => new IntMinimum(),
  IntMaximum: () => new IntMaximum(),
  LongMinimum: () => new LongMinimum(),
  LongMaximum: () => new LongMaximum(),
  DoubleMinimum: () => new DoubleMinimum(),
  DoubleMaximum: () => new DoubleMaximum(),
  AverageAccumulator: () => new AverageAccumulator(),
  Histogram: () => new HistogramAccumulator(),
  ListAccumulator: () => new ListAccumulator<number>(),
};

describe('accumulators', () => {
  for (const [kind, create] of Object.entries(kinds)) {
    it(`${kind}: two halves merged equal the whole, after crossing a thread`, () => {
      const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }));
      fc.assert(
        fc.property(numbers, numbers, (left, right) => {
          const [whole, one, two] = [create(), create(), create()];
          for (const value of [...left, ...right]) whole.add(value);
          for (const value of left) one.add(value);
          for (const value of right) two.add(value);
          one.merge(structuredClone(two.getLocalValue()));
          expect(one.getLocalValue()).toEqual(whole.getLocalValue());
          one.resetLocal();
          expect([one.kind, one.getLocalValue()]).toEqual([kind, create().getLocalValue()]);
        }),
      );
    });
  }

  it('an average is sum by count', () => {
    expect([
      AverageAccumulator.average({ count: 4, sum: 10 }),
      AverageAccumulator.average({ count: 0, sum: 0 }),
    ]).toEqual([2.5, 0]);
  });
});
