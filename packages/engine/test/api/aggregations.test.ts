import { describe, expect, it } from 'vitest';
import { extreme, extremeBy, sumBy } from '../../src/api/streams/aggregations.ts';

describe('aggregations by field', () => {
  it('add up a field and keep the rest of the first record, without changing it', () => {
    const first = Object.freeze({ id: 'a', n: 1, note: 'first' });
    expect(sumBy('n')(first, { id: 'a', n: 2, note: 'second' })).toEqual({ id: 'a', n: 3, note: 'first' });
    expect(sumBy(1)(Object.freeze(['a', 1]), ['a', 2])).toEqual(['a', 3]);
    expect(sumBy(undefined)(1, 2)).toBe(3);
  });

  it('keep the class of the record', () => {
    class Count {
      readonly n: number;
      constructor(n: number) {
        this.n = n;
      }
    }
    const sum = sumBy('n')(new Count(1), new Count(2));
    expect([sum instanceof Count, sum]).toEqual([true, new Count(3)]);
  });

  it('min and max change only the field', () => {
    const [a, b] = [
      { k: 'a', n: 5 },
      { k: 'b', n: 3 },
    ];
    expect([extreme('n', 'min')(a, b), extreme('n', 'max')(a, b), extreme(undefined, 'max')(1, 2)]).toEqual([
      { k: 'a', n: 3 },
      a,
      2,
    ]);
  });

  it('minBy and maxBy take the whole record, the first or last of equal ones', () => {
    const [a, b, c] = [
      { k: 'a', n: 5 },
      { k: 'b', n: 3 },
      { k: 'c', n: 5 },
    ];
    expect([
      extremeBy('n', 'min', true)(a, b),
      extremeBy('n', 'max', true)(a, c),
      extremeBy('n', 'max', false)(a, c),
    ]).toEqual([b, a, c]);
    expect(extremeBy('k', 'max', true)(a, b)).toEqual(b);
  });

  it.each([
    ['a name that no record has', 'w', 'undefined'],
    ['texts', 'text', '"1"'],
    ['null', 'nothing', 'null'],
    ['dates', 'at', String(new Date(0))],
  ])('sum refuses %s, instead of adding up nonsense', (_, field, met) => {
    const record = { n: 1, text: '1', nothing: null, at: new Date(0) };
    const refusal = expect.objectContaining({
      code: 'INVALID_AGGREGATE',
      args: ['sum', field, met],
    });
    expect(() => sumBy(field)(record, record)).toThrow(refusal);
  });

  it('min and max refuse a name that no record has; sum takes bigints, and numbers that are not a number', () => {
    const record = { n: 1n, x: Number.NaN };
    for (const reduce of [extreme('w', 'min'), extremeBy('w', 'max', true)]) {
      expect(() => reduce(record, record)).toThrow(expect.objectContaining({ code: 'INVALID_AGGREGATE' }));
    }
    expect(sumBy('n')(record, record)).toEqual({ ...record, n: 2n });
    expect(sumBy('x')(record, record)).toEqual(record);
  });
});
