import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRing } from '../../../src/runtime/channels/ring-layout.ts';
import { createSignals } from '../../../src/runtime/channels/slot-signal.ts';
import type { ThreadPlan, ThreadReport } from './two-threads.worker.ts';

const directory = fileURLToPath(new URL('../../../../../.cache/channel-threads/', import.meta.url));
const bundle = `${directory}two-threads-${process.pid}.mjs`;

beforeAll(async () => {
  mkdirSync(directory, { recursive: true });
  await build({
    entryPoints: [fileURLToPath(new URL('./two-threads.worker.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
});

afterAll(() => rmSync(bundle, { force: true }));

type Plan = Omit<ThreadPlan, 'role' | 'ring' | 'signals'>;

async function run(size: { segments: number; segmentBytes: number }, plan: Plan): Promise<ThreadReport[]> {
  const ring = createRing(size);
  const signals = createSignals(2);
  const workers = (['writer', 'reader'] as const).map(
    (role) => new Worker(bundle, { workerData: { ...plan, role, ring, signals } }),
  );
  try {
    return await Promise.all(workers.map(reportOf));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function reportOf(worker: Worker): Promise<ThreadReport> {
  return new Promise((resolve, reject) => {
    worker.once('message', (report: ThreadReport) =>
      report.error === undefined ? resolve(report) : reject(new Error(report.error)),
    );
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread exited with ${code} before it reported`)));
  });
}

const cases: [string, { segments: number; segmentBytes: number }, Plan][] = [
  [
    'the default ring',
    { segments: 16, segmentBytes: 32_768 },
    { seed: 1, records: 1_500_000, declared: true, pauseEvery: 0, flushEvery: 512 },
  ],
  [
    'undeclared records',
    { segments: 16, segmentBytes: 32_768 },
    { seed: 2, records: 300_000, declared: false, pauseEvery: 0, flushEvery: 512 },
  ],
  [
    'a tiny ring',
    { segments: 2, segmentBytes: 96 },
    { seed: 3, records: 60_000, declared: true, pauseEvery: 0, flushEvery: 5 },
  ],
  [
    'a ring of one segment',
    { segments: 1, segmentBytes: 64 },
    { seed: 4, records: 30_000, declared: true, pauseEvery: 0, flushEvery: 3 },
  ],
  [
    'a slow reader and a flush after every record',
    { segments: 3, segmentBytes: 1_024 },
    { seed: 5, records: 60_000, declared: true, pauseEvery: 11, flushEvery: 1 },
  ],
];

describe('a ring between two threads', () => {
  test.each(cases)(
    'carries everything, in order, without a lost wake-up: %s',
    async (_name, size, plan) => {
      const reports = await run(size, plan);
      const events = Math.floor(plan.records / 701);
      expect(reports.map(({ role, records, events, timeouts }) => ({ role, records, events, timeouts }))).toStrictEqual(
        [
          { role: 'writer', records: plan.records, events, timeouts: 0 },
          { role: 'reader', records: plan.records, events, timeouts: 0 },
        ],
      );
    },
    30_000,
  );
});
