// The cases are those of Apache Flink's IntervalJoinOperatorTest.
import { TwoInputOperatorHarness } from '@yeoul/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Collector } from '../../../src/api/functions.ts';
import { OutputTag } from '../../../src/api/output-tag.ts';
import type { IntervalJoinContext } from '../../../src/api/process-context.ts';
import { type Pair, pairs } from './streams.ts';

const leftLate = new OutputTag<Pair>('left');
const rightLate = new OutputTag<Pair>('right');

const joined = (lowerMs: number, upperMs: number) =>
  pairs()
    .intervalJoin(pairs())
    .between(lowerMs, upperMs)
    .sideOutputLeftLateData(leftLate)
    .sideOutputRightLateData(rightLate)
    .process((left: Pair, right: Pair, context: IntervalJoinContext, out: Collector<string>) =>
      out.collect(`${left[0]}${left[1]}-${right[1]}@${context.getLeftTimestamp()},${context.getRightTimestamp()}`),
    );

const open = (
  lowerMs: number,
  upperMs: number,
  restore?: Parameters<typeof TwoInputOperatorHarness.open>[0]['restore'],
) => TwoInputOperatorHarness.open<Pair, Pair, string>({ operator: joined(lowerMs, upperMs), restore });

describe('interval join', () => {
  it('joins both ways, both ends inclusive, with the larger timestamp', async () => {
    await using harness = await open(-1, 2);
    harness.processElement1(['a', 1], 10);
    for (const [value, timestampMs] of [
      [1, 8],
      [2, 9],
      [3, 12],
      [4, 13],
    ] as const) {
      harness.processElement2(['a', value], timestampMs);
    }
    harness.processElement2(['b', 9], 10);
    harness.processElement1(['a', 2], 11);
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 'a1-2@10,9', timestampMs: 10 },
      { kind: 'record', value: 'a1-3@10,12', timestampMs: 12 },
      { kind: 'record', value: 'a2-3@11,12', timestampMs: 12 },
      { kind: 'record', value: 'a2-4@11,13', timestampMs: 13 },
    ]);
  });

  it('gives late elements to the side outputs', async () => {
    await using harness = await open(0, 0);
    harness.processBothWatermarks(5);
    harness.processElement1(['a', 1], 4);
    harness.processElement2(['a', 2], 4);
    harness.processElement1(['a', 3], 5);
    harness.processElement2(['a', 4], 5);
    expect(harness.takeValues()).toEqual(['a3-4@5,5']);
    expect(harness.takeSideOutput(leftLate).map((record) => record.value)).toEqual([['a', 1]]);
    expect(harness.takeSideOutput(rightLate).map((record) => record.value)).toEqual([['a', 2]]);
  });

  it('needs timestamps', async () => {
    await using harness = await open(0, 0);
    expect(() => harness.processElement1(['a', 1])).toThrow(/no timestamp/);
  });

  it('keeps each element just as long as it may find a partner', async () => {
    for (const [lowerMs, upperMs] of [
      [-5, 5],
      [2, 5],
      [-5, -2],
    ] as const) {
      await using harness = await open(lowerMs, upperMs);
      harness.processElement1(['a', 1], 10);
      harness.processElement2(['a', 2], 100);
      expect(harness.stateEntryCount).toBeGreaterThan(0);
      harness.processBothWatermarks(10 + Math.max(upperMs, 0) - 1);
      harness.processElement2(['a', 3], 10 + upperMs < 10 ? 10 + Math.max(upperMs, 0) : 10 + upperMs);
      harness.processBothWatermarks(1000);
      expect(harness.stateEntryCount).toBe(0);
    }
  });

  it('finds every pair once, whatever the order of arrival and wherever it is restored', async () => {
    const arrival = fc.record({
      left: fc.boolean(),
      timestampMs: fc.integer({ min: 0, max: 20 }),
      restore: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    });
    const bounds = fc.tuple(fc.integer({ min: -6, max: 6 }), fc.integer({ min: 0, max: 6 }));
    await fc.assert(
      fc.asyncProperty(bounds, fc.array(arrival, { maxLength: 25 }), async ([lowerMs, widthMs], arrivals) => {
        const upperMs = lowerMs + widthMs;
        let harness = await open(lowerMs, upperMs);
        const found: string[] = [];
        for (const [i, { left, timestampMs, restore }] of arrivals.entries()) {
          if (left) harness.processElement1(['a', i], timestampMs);
          else harness.processElement2(['a', i], timestampMs);
          found.push(...harness.takeValues().map((text) => text.split('@')[0]!));
          if (!restore) continue;
          const snapshot = await harness.snapshot();
          await harness.close();
          harness = await open(lowerMs, upperMs, snapshot);
        }
        await harness.close();
        const expected = arrivals.flatMap((l, i) =>
          arrivals.flatMap((r, j) => {
            const differenceMs = r.timestampMs - l.timestampMs;
            return l.left && !r.left && differenceMs >= lowerMs && differenceMs <= upperMs ? [`a${i}-${j}`] : [];
          }),
        );
        expect(found.sort()).toEqual(expected.sort());
      }),
      { numRuns: 60 },
    );
  });
});
