import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DynamicEventTimeSessionWindows,
  EventTimeSessionWindows,
  GlobalWindows,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  Time,
  TimeWindow,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
} from '../../../src/index.ts';

const at = (timeMs: number) => ({ currentProcessingTime: () => timeMs });
const spans = (windows: readonly TimeWindow[]): number[][] => windows.map(({ start, end }) => [start, end]);

describe('window assigners', () => {
  it('tumble from the epoch, also before it and with an offset', () => {
    const hours = TumblingEventTimeWindows.of(Time.seconds(5), Time.seconds(1));
    expect([0, 999, 1000, 5999, 6000, -1].map((t) => spans(hours.assignWindows(undefined, t))[0])).toEqual([
      [-4000, 1000],
      [-4000, 1000],
      [1000, 6000],
      [1000, 6000],
      [6000, 11_000],
      [-4000, 1000],
    ]);
    expect(spans(TumblingProcessingTimeWindows.of(1000).assignWindows(undefined, Number.NaN, at(1500)))).toEqual([
      [1000, 2000],
    ]);
  });

  it('slide: every window that holds the time, newest first', () => {
    const sliding = SlidingEventTimeWindows.of(1000, 500);
    expect(spans(sliding.assignWindows(undefined, 1000))).toEqual([
      [1000, 2000],
      [500, 1500],
    ]);
    expect(spans(SlidingProcessingTimeWindows.of(10, 4).assignWindows(undefined, Number.NaN, at(9)))).toEqual([
      [8, 18],
      [4, 14],
      [0, 10],
    ]);
  });

  it('slide: a time is in exactly the windows that cover it', () => {
    const time = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(time, fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (t, size, slide) => {
        const found = spans(SlidingEventTimeWindows.of(size, slide).assignWindows(undefined, t));
        const expected: number[][] = [];
        for (let k = Math.floor(t / slide); k * slide + size > t; k--) expected.push([k * slide, k * slide + size]);
        expect(found).toEqual(expected);
      }),
    );
  });

  it('merge sessions that touch or overlap', () => {
    const sessions = EventTimeSessionWindows.withGap(10);
    const windows = [0, 10, 35, 30, 100].flatMap((t) => sessions.assignWindows(undefined, t));
    const merged: unknown[] = [];
    sessions.mergeWindows(windows, (group, result) => merged.push([spans(group), [result.start, result.end]]));
    expect(merged).toEqual([
      [
        [
          [0, 10],
          [10, 20],
        ],
        [0, 20],
      ],
      [
        [
          [30, 40],
          [35, 45],
        ],
        [30, 45],
      ],
    ]);
  });

  it('take the gap of a session from the element, at least 1 ms', () => {
    const sessions = DynamicEventTimeSessionWindows.withDynamicGap((gap: number) => gap);
    expect(spans(sessions.assignWindows(5, 100))).toEqual([[100, 105]]);
    expect(() => sessions.assignWindows(0, 100)).toThrow('dynamic session gap is 0 ms');
  });

  it('refuse records without time, sizes below 1 and offsets as large as the window', () => {
    expect(() => TumblingEventTimeWindows.of(1000).assignWindows(undefined, Number.NaN)).toThrow('has no timestamp');
    expect(() => TumblingEventTimeWindows.of(0)).toThrow('window size is 0 ms');
    expect(() => TumblingEventTimeWindows.of(1.5)).toThrow('window size is 1.5 ms');
    expect(() => TumblingEventTimeWindows.of(1000, -1000)).toThrow('offset -1000 ms');
    expect(() => SlidingEventTimeWindows.of(1000, 100, 100)).toThrow('offset 100 ms');
  });

  it('name themselves as in Flink', () => {
    expect([
      `${TumblingEventTimeWindows.of(1000)}`,
      `${SlidingProcessingTimeWindows.of(10, 5)}`,
      `${EventTimeSessionWindows.withGap(7)}`,
      `${EventTimeSessionWindows.withDynamicGap(() => 1)}`,
      `${GlobalWindows.create()}`,
    ]).toEqual([
      'TumblingEventTimeWindows(1000)',
      'SlidingProcessingTimeWindows(10, 5)',
      'EventTimeSessionWindows(7)',
      'DynamicEventTimeSessionWindows()',
      'GlobalWindows()',
    ]);
    expect(new TimeWindow(0, 10).maxTimestamp()).toBe(9);
  });
});
