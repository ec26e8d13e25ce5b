import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { LiveModel } from '../../src/live/live-model.ts';
import { renderLive } from '../../src/live/render-live.ts';

const model: LiveModel = {
  jobId: '7bf83cc75065683e8e97b12cd94ff774',
  jobName: 'State machine job',
  status: 'RUNNING',
  uptimeMs: 61_500,
  restarts: 1,
  address: 'http://127.0.0.1:8081',
  vertices: [
    {
      name: 'Source: Custom Source',
      parallelism: 2,
      status: 'RUNNING',
      recordsIn: 0,
      recordsOut: 12_345,
      inPerSecond: 0,
      outPerSecond: 1980,
      busy: 0.031,
      backPressured: 0,
      watermarkMs: undefined,
    },
    {
      name: 'Flat Map -> Sink: Print to Std. Out',
      parallelism: 2,
      status: 'RUNNING',
      recordsIn: 12_340,
      recordsOut: 0,
      inPerSecond: 1979,
      outPerSecond: 0,
      busy: 0.02,
      backPressured: 0,
      watermarkMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    },
  ],
  checkpointing: true,
  lastCheckpoint: { id: 7, durationMs: 12, sizeBytes: 8527, agoMs: 1400 },
  completedCheckpoints: 7,
  failedCheckpoints: 0,
  restoredFrom: undefined,
  output: ['Alert(…)'],
  outputLines: 1,
  failure: undefined,
};

test('the view shows job, vertices with rates and watermark, last checkpoint and output', () => {
  const lines = renderLive(model, 120).map((line) => stripVTControlCharacters(line).trimEnd());
  expect(lines).toEqual([
    'State machine job  RUNNING  1m 1s  7bf83cc75065683e8e97b12cd94ff774  restarts 1',
    'REST API at http://127.0.0.1:8081',
    '',
    'vertex                               p  status   in/s  out/s     in    out  busy  backpr.  watermark',
    'Source: Custom Source                2  RUNNING     0   2.0k      0  12.3k    3%       0%  -',
    'Flat Map -> Sink: Print to Std. Out  2  RUNNING  2.0k      0  12.3k      0    2%       0%  2026-01-02 03:04:05',
    '',
    'last checkpoint #7  took 12 ms  8.3 KiB  1.4 s ago  completed 7  failed 0',
    '',
    'output (1 lines)',
    'Alert(…)',
    '',
    'Ctrl-C ends the view and stops cleanly',
  ]);
});

test('without a REST API there is no address', () => {
  const [, second] = renderLive({ ...model, address: undefined }, 120);
  expect(second).toBe('');
});

test('no line is wider than the terminal', () => {
  const widths = renderLive(model, 60).map((line) => stripVTControlCharacters(line).length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(60);
});
