// Sources of one job that wait for each other in event time, through the coordinator.
import { type Program, type WatermarkGenerator, WatermarkStrategy } from '@yeoul/engine';
import { FaultPlan, TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';
import { job } from './support/jobs.ts';
import { Gate, PartitionedSource } from './support/partitioned-source.ts';

const DRIFT_MS = 50;
const COUNT = 400;

interface Read {
  /** Largest event time that each source has handed over, by name. */
  readonly reached: Record<string, number>;
  count: number;
}

/** One record per millisecond of event time, as far as the gate lets. */
function ticking(gate: Gate | undefined): PartitionedSource<number> {
  return new PartitionedSource<number>({
    partitions: 1,
    recordsPerPartition: () => COUNT,
    recordAt: (_, index) => index,
    timestampAt: (_, index) => index,
    ...(gate ? { gate } : {}),
  });
}

interface Sources {
  readonly gates: Record<string, Gate | undefined>;
  readonly read: Read;
  readonly strategy?: WatermarkStrategy<number>;
  readonly step?: (name: string, value: number) => void;
}

/** Tells its watermark with every record: how far a source gets does not hang on when a timer fires. */
const everyRecord: WatermarkGenerator<number> = {
  onEvent: (_, timestampMs, output) => output.emitWatermark(timestampMs - 1),
  onPeriodicEmit() {},
};
const aligned = WatermarkStrategy.forGenerator(() => everyRecord).withWatermarkAlignment('g', DRIFT_MS, 5);

function program({ gates, read, strategy = aligned, step }: Sources): Program {
  return job(
    (env) => {
      for (const [name, gate] of Object.entries(gates)) {
        env
          .fromSource(ticking(gate), strategy, name)
          .uid(name)
          .map((value) => {
            step?.(name, value);
            read.reached[name] = Math.max(read.reached[name] ?? 0, value);
            read.count += 1;
            return value;
          })
          .addSink(() => {});
      }
    },
    { checkpointMs: 10 },
  );
}

test('a source that is ahead waits for the other, checkpoints go on meanwhile, and the end of the other sets it free', async () => {
  await using cluster = await TestCluster.open();
  const slow = new Gate(10);
  const fast = new Gate(0);
  const read: Read = { reached: {}, count: 0 };
  const jobId = await cluster.submit(program({ gates: { slow, fast }, read }));
  await cluster.until('the slow one has begun', () => read.reached['slow'] === 9);
  fast.open();
  await cluster.until('the fast one is held', () => (read.reached['fast'] ?? 0) > DRIFT_MS);
  await cluster.awaitCheckpoints(jobId, 3);
  // Watermarks 8 and 59: one more than the drift.
  expect(read.reached['fast']).toBe(9 + DRIFT_MS + 1);
  slow.open(30);
  await cluster.until('it goes on', () => read.reached['fast'] === 29 + DRIFT_MS + 1);
  await cluster.awaitCheckpoints(jobId, 2);
  expect(read.reached).toEqual({ slow: 29, fast: 29 + DRIFT_MS + 1 });
  slow.open();
  await cluster.cluster.awaitResult(jobId);
  expect(read.count).toBe(2 * COUNT);
});

test('a source that is idle holds nobody back', async () => {
  await using cluster = await TestCluster.open();
  const gate = new Gate(10);
  const read: Read = { reached: {}, count: 0 };
  const strategy = aligned.withIdleness(20);
  const jobId = await cluster.submit(program({ gates: { slow: gate, fast: undefined }, read, strategy }));
  await cluster.until('the fast one is through', () => read.reached['fast'] === COUNT - 1);
  gate.open();
  await cluster.cluster.awaitResult(jobId);
});

test('a failure while a source is held changes nothing: everything is read once more from the checkpoint, and held again', async () => {
  await using cluster = await TestCluster.open();
  const slow = new Gate(10);
  const fast = new Gate(0);
  const read: Read = { reached: {}, count: 0 };
  const faults = new FaultPlan([1]);
  let isArmed = false;
  const step = (name: string): void => {
    if (isArmed && name === 'slow') faults.step();
  };
  const jobId = await cluster.submit(program({ gates: { slow, fast }, read, step }));
  await cluster.until('the slow one has begun', () => read.reached['slow'] === 9);
  fast.open();
  await cluster.until('the fast one is held', () => read.reached['fast'] === 9 + DRIFT_MS + 1);
  isArmed = true;
  slow.open(20);
  await cluster.until('it has restarted', () => cluster.detail(jobId).restarts === 1);
  await cluster.until('it goes on', () => read.reached['fast'] === 19 + DRIFT_MS + 1);
  await cluster.awaitCheckpoints(jobId, 2);
  expect(read.reached).toEqual({ slow: 19, fast: 19 + DRIFT_MS + 1 });
  slow.open();
  await cluster.cluster.awaitResult(jobId);
  expect(read.reached).toEqual({ slow: COUNT - 1, fast: COUNT - 1 });
});

test('one source alone in its group is not slowed down by it', async () => {
  await using cluster = await TestCluster.open();
  const read: Read = { reached: {}, count: 0 };
  const strategy = WatermarkStrategy.forMonotonousTimestamps<number>().withWatermarkAlignment('g', 5, 3_600_000);
  await cluster.run(program({ gates: { alone: undefined }, read, strategy }));
  expect(read.count).toBe(COUNT);
});
