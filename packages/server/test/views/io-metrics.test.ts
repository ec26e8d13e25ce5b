import { expect, test } from 'vitest';
import { toIoMetrics } from '../../src/views/job-page.ts';

const metrics = { readBytes: 1, writeBytes: 2, readRecords: 3, writeRecords: 4, isComplete: true };
const startTimeMs = 1_003_210;
const isComplete = (afterMs: number, rest: object = {}, fetchIntervalMs = 10_000) =>
  toIoMetrics({ metrics: { ...metrics, ...rest }, startTimeMs, endTimeMs: -1, ...rest } as never, {
    nowMs: startTimeMs + afterMs,
    fetchIntervalMs,
  })['read-records-complete'];

test('counts are complete after one interval in which metrics are fetched', () => {
  expect([5000, 9999, 10_499, 10_500, 60_000].map((afterMs) => isComplete(afterMs))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect([isComplete(60_000, {}, 0), isComplete(1600, {}, 1000)]).toEqual([false, true]);
});

test('counts of what has ended are complete; what never reported never is', () => {
  expect(isComplete(500, { endTimeMs: startTimeMs + 400 })).toBe(true);
  expect(isComplete(30_000, { metrics: { ...metrics, isComplete: false } })).toBe(false);
});

test.each([1000, 2000, 5000, 10_000])(
  'they do not become so at a checkpoint of a job that takes one every %i ms',
  (intervalMs) => {
    const completeMs = Array.from({ length: 30_000 }, (_, i) => i).find((afterMs) => isComplete(afterMs)) ?? 0;
    const awayMs = Math.min(completeMs % intervalMs, intervalMs - (completeMs % intervalMs));
    expect(awayMs).toBeGreaterThanOrEqual(500);
  },
);
