import { expect, test } from 'vitest';
import { toIoMetrics } from '../../src/views/job-page.ts';

const metrics = { readBytes: 1, writeBytes: 2, readRecords: 3, writeRecords: 4, isComplete: true };
const isComplete = (startTimeMs: number, nowMs: number, rest: object = {}) =>
  toIoMetrics({ metrics: { ...metrics, ...rest }, startTimeMs, endTimeMs: -1, ...rest } as never, {
    nowMs,
    fetchIntervalMs: 10_000,
  })['read-records-complete'];

test.each([
  ['before the first fetch', 1_003_000, 1_009_999, false],
  ['at the first fetch', 1_003_000, 1_010_000, true],
  ['at a fetch that came before the first report', 1_009_500, 1_010_000, false],
  ['at the fetch after that', 1_009_500, 1_020_000, true],
])('counts %s', (_title, startTimeMs, nowMs, expected) => {
  expect(isComplete(startTimeMs, nowMs)).toBe(expected);
});

test('counts of what has ended are complete; what never reported never is', () => {
  expect(isComplete(1_003_000, 1_003_500, { endTimeMs: 1_003_400 })).toBe(true);
  expect(isComplete(1_003_000, 1_030_000, { isComplete: false })).toBe(false);
});

test('become complete at another place between checkpoints for each job', () => {
  const phases = [0, 300, 700, 1100, 1900].map((startTimeMs) => {
    const completeMs = Array.from({ length: 30_000 }, (_, i) => startTimeMs + i).find((ms) =>
      isComplete(startTimeMs, ms),
    );
    return ((completeMs ?? 0) - startTimeMs) % 2000;
  });
  expect(new Set(phases).size).toBe(phases.length);
});
