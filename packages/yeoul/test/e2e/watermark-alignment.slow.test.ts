// Two sources of different speed in threads of their own: how far they drift apart, with a watermark group and without.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedEngine } from '@yeoul/engine/runtime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const dist = new URL('../../dist/', import.meta.url);
const sourcePath = fileURLToPath(new URL('watermark-alignment-program.ts', import.meta.url));

let directory = '';
let engine: EmbeddedEngine;
let output = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-alignment-'));
  engine = await EmbeddedEngine.open({
    dataDirectory: join(directory, 'data'),
    slots: 4,
    slotWorkerUrl: new URL('slot-worker.js', dist),
    driverWorkerUrl: new URL('driver-worker.js', dist),
    engineVersion: 'test',
  });
  engine.cluster.onOutput(({ text }) => {
    output += text;
  });
});

afterAll(async () => {
  await engine?.close();
  await rm(directory, { recursive: true, force: true });
});

/** @returns widest gap in event time, ms, and how often a checkpoint completed meanwhile */
async function run(args: readonly string[]): Promise<{ gapMs: number; records: number; checkpoints: number }> {
  output = '';
  const jobId = await engine.runProgram({ sourcePath, entry: 'default', parallelism: 1, args });
  await engine.cluster.awaitResult(jobId);
  await vi.waitUntil(() => output.includes('records'), { timeout: 10_000 });
  const [, gapMs, records] = /gap (\d+) of (\d+) records/.exec(output) ?? [];
  const { counts } = engine.cluster.jobDetail(jobId).checkpoints;
  return { gapMs: Number(gapMs), records: Number(records), checkpoints: counts.completed };
}

test('a group keeps them together, while checkpoints go on and all is read', async () => {
  const free = await run([]);
  const aligned = await run(['aligned']);
  expect([free.records, aligned.records]).toEqual([8_000, 8_000]);
  expect(free.gapMs).toBeGreaterThan(2_000);
  // The drift of 200 ms, and what comes in a watermark interval and while messages are under way on a busy machine.
  expect(aligned.gapMs).toBeLessThan(1_200);
  expect(aligned.checkpoints).toBeGreaterThan(3);
});
