// The cases are those of Apache Flink's TimestampsAndWatermarksOperatorTest.
import { OneInputOperatorHarness } from '@yeoul/testing';
import { describe, expect, it } from 'vitest';
import type { WatermarkGenerator } from '../../../src/api/watermark.ts';
import { WatermarkStrategy } from '../../../src/api/watermark-strategy.ts';
import { streamOf } from './streams.ts';

const open = (strategy: WatermarkStrategy<number>, autoWatermarkIntervalMs = 50) =>
  OneInputOperatorHarness.open<number, number>({
    operator: streamOf<number>().assignTimestampsAndWatermarks(strategy),
    execution: { autoWatermarkIntervalMs },
  });

const bounded = (boundMs: number) =>
  WatermarkStrategy.forBoundedOutOfOrderness<number>(boundMs).withTimestampAssigner((value) => value);

describe('timestamps and watermarks', () => {
  it('sets timestamps, and emits the watermark at each interval when it has grown', async () => {
    await using harness = await open(bounded(3));
    harness.processElement(10);
    harness.processElement(7, 99);
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 10, timestampMs: 10 },
      { kind: 'record', value: 7, timestampMs: 7 },
    ]);
    harness.setProcessingTime(50);
    expect(harness.takeOutput()).toEqual([{ kind: 'watermark', timestampMs: 6 }]);
    harness.setProcessingTime(100);
    expect(harness.takeOutput()).toEqual([]);
    harness.processElement(20);
    harness.setProcessingTime(150);
    expect(harness.takeOutput().at(-1)).toEqual({ kind: 'watermark', timestampMs: 16 });
  });

  it('emits punctuated watermarks behind the record, never going back', async () => {
    const punctuated: WatermarkGenerator<number> = {
      onEvent: (event, timestampMs, output) => {
        if (event % 2 === 0) output.emitWatermark(timestampMs);
      },
      onPeriodicEmit() {},
    };
    await using harness = await open(
      WatermarkStrategy.forGenerator<number>(() => punctuated).withTimestampAssigner((value) => value),
    );
    for (const value of [3, 8, 4, 10]) harness.processElement(value);
    expect(
      harness.takeOutput().map((e) => (e.kind === 'record' ? e.value : e.kind === 'watermark' ? -e.timestampMs : e)),
    ).toEqual([3, 8, -8, 4, 10, -10]);
  });

  it('keeps the timestamps that records have when there is no assigner', async () => {
    await using harness = await open(WatermarkStrategy.forMonotonousTimestamps<number>());
    harness.processElement(1, 42);
    expect(harness.takeOutput()).toEqual([{ kind: 'record', value: 1, timestampMs: 42 }]);
  });

  it('ignores watermarks and idleness from upstream, but passes the end of event time', async () => {
    await using harness = await open(bounded(0));
    harness.processWatermark(1000);
    harness.processStatus(true);
    expect(harness.takeOutput()).toEqual([]);
    harness.processWatermark(Number.POSITIVE_INFINITY);
    expect(harness.takeOutput()).toEqual([{ kind: 'watermark', timestampMs: Number.POSITIVE_INFINITY }]);
  });

  it('turns idle after the timeout without records and active with the next one', async () => {
    await using harness = await open(bounded(0).withIdleness(100));
    harness.processElement(5);
    harness.setProcessingTime(50);
    harness.takeOutput();
    harness.setProcessingTime(200);
    expect(harness.takeOutput()).toEqual([]);
    harness.setProcessingTime(250);
    expect(harness.takeOutput()).toEqual([{ kind: 'status', idle: true }]);
    harness.setProcessingTime(400);
    harness.processElement(6);
    expect(harness.takeOutput()).toEqual([
      { kind: 'status', idle: false },
      { kind: 'record', value: 6, timestampMs: 6 },
    ]);
  });

  it('makes no periodic watermarks with interval 0, and emits the last one at the end', async () => {
    await using harness = await open(bounded(0), 0);
    harness.processElement(5);
    harness.setProcessingTime(10_000);
    expect(harness.takeOutput().filter((e) => e.kind === 'watermark')).toEqual([]);
    expect(harness.clock.pendingCount).toBe(0);
  });
});

describe('what an assigner answers', () => {
  const openWith = (answer: unknown) =>
    OneInputOperatorHarness.open<number, number>({
      operator: streamOf<number>().assignTimestampsAndWatermarks(
        WatermarkStrategy.noWatermarks<number>().withTimestampAssigner(() => answer as number),
      ),
    });

  it.each([[new Date(5)], [5n], [5]])('is taken when it is a time: %s', async (answer) => {
    await using harness = await openWith(answer);
    harness.processElement(1);
    expect(harness.takeOutput()).toEqual([{ kind: 'record', value: 1, timestampMs: 5 }]);
  });

  it.each([['2020-01-01'], [undefined], [new Date('no date')], [{}]])(
    'is refused by name otherwise: %s',
    async (answer) => {
      await using harness = await openWith(answer);
      expect(() => harness.processElement(1)).toThrow(expect.objectContaining({ code: 'INVALID_TIMESTAMP' }));
    },
  );
});
