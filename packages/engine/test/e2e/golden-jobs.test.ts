// Every golden job writes the same, whatever happens on the way.
import { FaultPlan, SeededRandom, TestCluster, type TestClusterOptions } from '@yeoul/testing';
import { describe, expect, test } from 'vitest';
import { goldenJobs } from './jobs/index.ts';
import { GoldenRun, RECORDS_PER_PARTITION, runToEnd } from './support/golden-job.ts';
import { Gate } from './support/partitioned-source.ts';

const SMALL_RING = { segments: 2, segmentBytes: 256 };
/** GOLDEN_SEEDS=10..40 looks at more of them. */
const seeds = seedsOf(process.env.GOLDEN_SEEDS ?? '1..3');

function seedsOf(range: string): number[] {
  const [from, to] = range.split('..').map(Number) as [number, number];
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function jittery(seed: number, more: TestClusterOptions = {}): TestClusterOptions {
  return { parallelism: 2, seed, jitterTurns: seed % 3, ...(seed % 2 ? { ring: SMALL_RING } : {}), ...more };
}

describe.each(goldenJobs)('$name', { timeout: 30_000 }, (job) => {
  test('runs whole, in one subtask, without checkpoints', async () => {
    await using cluster = await TestCluster.open();
    const run = new GoldenRun(job, {});
    await runToEnd(cluster, run, await cluster.submit(run.program));
    expect(run.problems()).toBeUndefined();
  });

  test.each(seeds)('runs in two with checkpoints all the time (seed %i)', async (seed) => {
    await using cluster = await TestCluster.open(jittery(seed));
    const random = new SeededRandom(seed);
    const delayTurns = () => random.below(4);
    const run = new GoldenRun(job, { checkpointMs: 10, maxConcurrent: 1 + (seed % 2), sink: { delayTurns } });
    await runToEnd(cluster, run, await cluster.submit(run.program));
    expect(run.problems()).toBeUndefined();
  });

  test.each([
    [1, 'heap'],
    [3, 'heap'],
    [3, 'disk'],
    [2, 'disk'],
  ] as const)('goes on from a savepoint in %i (%s)', async (parallelism, stateBackend) => {
    await using cluster = await TestCluster.open(jittery(parallelism, { stateBackend }));
    const gate = new Gate(new SeededRandom(parallelism).below(RECORDS_PER_PARTITION));
    const run = new GoldenRun(job, { gate, checkpointMs: 20 });
    const first = await cluster.submit(run.program);
    await cluster.awaitRunning(first);
    await cluster.awaitCheckpoints(first, 2);
    const savepointPath = await cluster.stop(first);
    gate.open();
    await runToEnd(cluster, run, await cluster.submit(run.program, { parallelism, savepointPath }));
    expect(run.problems()).toBeUndefined();
  });

  test.each(seeds)('survives functions, slots and processes that fail (seed %i)', async (seed) => {
    await using cluster = await TestCluster.open(jittery(seed, { stateBackend: seed % 2 ? 'heap' : 'disk' }));
    const random = new SeededRandom(seed * 1000);
    const faults = new FaultPlan([100, 250, 300].map((call) => call + random.below(100)));
    const gate = new Gate(0);
    const run = new GoldenRun(job, { gate, faults, checkpointMs: 10, sink: { delayTurns: () => random.below(3) } });
    const jobId = await cluster.submit(run.program);
    for (let limit = 0; limit < RECORDS_PER_PARTITION; limit += 1 + random.below(15)) {
      gate.open(limit);
      await cluster.awaitCheckpoints(jobId, random.below(2));
      const fault = random.next();
      if (fault < 0.3) cluster.crashSlot(random.below(2));
      else if (fault < 0.5) {
        cluster.crash();
        await cluster.reopen();
      }
    }
    gate.open();
    await runToEnd(cluster, run, jobId);
    expect(run.problems()).toBeUndefined();
  });
});
