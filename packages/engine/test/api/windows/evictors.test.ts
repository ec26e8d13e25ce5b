import { describe, expect, it } from 'vitest';
import { CountEvictor, DeltaEvictor, TimeEvictor } from '../../../src/index.ts';

const elements = [5, 1, 9, 7].map((value) => ({ value, timestampMs: value * 10 }));
const values = (kept: readonly { readonly value: number }[]): number[] => kept.map(({ value }) => value);

describe('evictors', () => {
  it('CountEvictor keeps the last ones', () => {
    expect(values(CountEvictor.of(2).evictBefore(elements))).toEqual([9, 7]);
    expect(values(CountEvictor.of(9).evictBefore(elements))).toEqual([5, 1, 9, 7]);
    expect(values(CountEvictor.of(0).evictBefore(elements))).toEqual([]);
  });

  it('TimeEvictor keeps those younger than the newest minus the size, or all when they have no time', () => {
    expect(values(TimeEvictor.of(40).evictBefore(elements))).toEqual([9, 7]);
    expect(values(TimeEvictor.of(41).evictBefore(elements))).toEqual([5, 9, 7]);
    const timeless = elements.map(({ value }) => ({ value, timestampMs: Number.NaN }));
    expect(values(TimeEvictor.of(1).evictBefore(timeless))).toEqual([5, 1, 9, 7]);
  });

  it('DeltaEvictor keeps those closer to the last one than the threshold', () => {
    expect(values(DeltaEvictor.of<number>(3, (old, last) => Math.abs(last - old)).evictBefore(elements))).toEqual([
      5, 9, 7,
    ]);
  });

  it('evict after the function instead when asked to', () => {
    const after = CountEvictor.of(1, true);
    expect([values(after.evictBefore(elements)), values(after.evictAfter(elements))]).toEqual([[5, 1, 9, 7], [7]]);
  });
});
