import { describe, expect, test } from 'vitest';
import { parseSubtasks, toAggregateLines } from '../../src/views/metric-aggregates.ts';
import { toMetricLines } from '../../src/views/metric-page.ts';

const values = (entries: Record<string, number | string>) => new Map(Object.entries(entries));

describe('metric pages', () => {
  test('ids without get, values as text with it', () => {
    const metrics = values({ numRecordsIn: 5, user: 'x' });
    expect(toMetricLines(metrics, undefined)).toEqual([{ id: 'numRecordsIn' }, { id: 'user' }]);
    expect(toMetricLines(metrics, ['user', 'nope', 'numRecordsIn'])).toEqual([
      { id: 'user', value: 'x' },
      { id: 'numRecordsIn', value: '5' },
    ]);
  });

  test('watermarks reach over the whole of a Java long', () => {
    const metrics = values({
      none: Number.NEGATIVE_INFINITY,
      last: Number.POSITIVE_INFINITY,
      some: 1_795_325_567_727,
    });
    expect(toMetricLines(metrics, ['none', 'last', 'some']).map(({ value }) => value)).toEqual([
      '-9223372036854775808',
      '9223372036854775807',
      '1795325567727',
    ]);
  });

  test('rates and shares are doubles', () => {
    const metrics = values({
      numRecordsInPerSecond: 3,
      'buffers.inPoolUsage': 0,
      busyTimeMsPerSecond: 7,
      'Status.JVM.CPU.Load': 0.25,
    });
    expect(toMetricLines(metrics, [...metrics.keys()]).map(({ value }) => value)).toEqual(['3.0', '0.0', '7', '0.25']);
  });
});

describe('aggregates', () => {
  const sources = [values({ a: 1, b: 10, text: 'x' }), values({ a: 3 })];

  test('all four by default, the asked ones else, in one order', () => {
    expect(toAggregateLines(sources, ['a'], undefined)).toEqual([
      { id: 'a', min: 1, max: 3, avg: 2, sum: 4, skew: 50 },
    ]);
    expect(Object.keys(toAggregateLines(sources, ['a'], ['sum', 'min'])[0] ?? {})).toEqual(['id', 'min', 'sum']);
  });

  test('over those sources that have the metric; text is left out', () => {
    expect(toAggregateLines(sources, ['b', 'text'], ['avg'])).toEqual([{ id: 'b', avg: 10 }]);
  });

  test('nothing when one id is nowhere', () => {
    expect(toAggregateLines(sources, ['a', 'nope'], undefined)).toEqual([]);
  });

  test('ids of all sources without get', () => {
    expect(toAggregateLines(sources, undefined, undefined)).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'text' }]);
  });

  test('subtasks by number and range; what is neither is left out', () => {
    expect([...parseSubtasks(['1', '3-5', 'x', '9-7', '', '4'])]).toEqual([1, 3, 4, 5]);
    expect(parseSubtasks(['0-99999999999']).size).toBeLessThan(40_000);
  });
});

test.each([
  // What Flink's own test of it expects.
  [[23, 3, 10], 61.1],
  [[300, 0, 0], 100],
  [[0, 0, 0], 0],
  [[50, 51, 52], 1.3],
  [[123], 0],
])('the skew of %j', (values, expected) => {
  const sources = values.map((value) => new Map([['a', value]]));
  expect(toAggregateLines(sources, ['a'], ['skew'])[0]?.skew).toBeCloseTo(expected, 1);
});
