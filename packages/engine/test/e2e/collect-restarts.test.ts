// What executeAndCollect gives a program whose tasks fail in the middle: each value once with checkpoints, a clear end without.
import { CheckpointingMode, type Program, RestartStrategies, type StreamExecutionEnvironment } from '@yeoul/engine';
import { FaultPlan, SeededRandom, TestCluster } from '@yeoul/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allTexts, texts } from './support/jobs.ts';
import { Gate } from './support/partitioned-source.ts';

interface Seen {
  readonly values: string[];
  outcome?: unknown;
}

function collecting(
  seen: Seen,
  build: (env: StreamExecutionEnvironment) => ReturnType<typeof texts>,
  settle: (env: StreamExecutionEnvironment) => void,
): Program {
  return async (env) => {
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(100, 1));
    settle(env);
    try {
      for await (const value of await build(env).executeAndCollect()) seen.values.push(value);
      seen.outcome = 'ended';
    } catch (error) {
      seen.outcome = (error as { code?: string }).code;
      throw error;
    }
  };
}

test('over failures at any place each value comes once', async () => {
  const failures = fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(failures, fc.integer({ min: 1, max: 3 }), async (throwAt, parallelism) => {
      await using cluster = await TestCluster.open({ parallelism, jitterTurns: 2, seed: throwAt[0] as number });
      const faults = new FaultPlan(throwAt);
      const seen: Seen = { values: [] };
      const build = (env: StreamExecutionEnvironment) =>
        texts(env, { uid: 'a', count: 150 })
          .keyBy((text) => text)
          .map(faults.wrap((text: string) => text));
      await cluster.run(collecting(seen, build, (env) => void env.enableCheckpointing(10)));
      await cluster.until('the program has ended', () => seen.outcome !== undefined);
      expect(seen.outcome).toBe('ended');
      expect(seen.values.toSorted()).toEqual(allTexts('a', 150).sort());
    }),
    { numRuns: 5 },
  );
});

test('slots that die take nothing with them, and bring nothing twice', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const seen: Seen = { values: [] };
  const gate = new Gate(50);
  const random = new SeededRandom(7);
  const build = (env: StreamExecutionEnvironment) => texts(env, { uid: 'a', count: 300, gate });
  const jobId = await cluster.submit(collecting(seen, build, (env) => void env.enableCheckpointing(10)));
  for (let kill = 1; kill <= 4; kill++) {
    await cluster.awaitRunning(jobId);
    await cluster.awaitCheckpoints(jobId, random.below(2));
    gate.open(50 + kill * 50);
    await new Promise((resolve) => setTimeout(resolve, random.below(15)));
    cluster.crashSlot(cluster.liveSlots()[random.below(2)] ?? 0);
    await cluster.until('it restarts', () => cluster.detail(jobId).restarts >= kill);
  }
  gate.open();
  await cluster.cluster.awaitResult(jobId);
  await cluster.until('the program has ended', () => seen.outcome !== undefined);
  expect(seen.values.toSorted()).toEqual(allTexts('a', 300).sort());
});

test('values come with the checkpoint that covers them, not before', async () => {
  await using cluster = await TestCluster.open();
  const seen: Seen = { values: [] };
  const gate = new Gate(10);
  const build = (env: StreamExecutionEnvironment) => texts(env, { uid: 'a', count: 20, gate });
  const jobId = await cluster.submit(collecting(seen, build, (env) => void env.enableCheckpointing(150)));
  await cluster.awaitRunning(jobId);
  expect([seen.values.length, cluster.detail(jobId).checkpoints.counts.completed]).toEqual([0, 0]);
  await cluster.awaitCheckpoints(jobId, 1);
  await cluster.until('they have come', () => seen.values.length === 20);
  gate.open();
  await cluster.cluster.awaitResult(jobId);
  await cluster.until('the rest has come', () => seen.values.length === 40);
});

test('what a cancellation with savepoint covers is given out, and no more', async () => {
  await using cluster = await TestCluster.open();
  const seen: Seen = { values: [] };
  const gate = new Gate(10);
  const build = (env: StreamExecutionEnvironment) => texts(env, { uid: 'a', count: 20, gate });
  const jobId = await cluster.submit(collecting(seen, build, (env) => void env.enableCheckpointing(3_600_000)));
  await cluster.awaitRunning(jobId);
  await new Promise((resolve) => setTimeout(resolve, 80));
  await cluster.savepoint(jobId, { cancelJob: true, directory: `${cluster.dataDirectory}/sp` });
  await cluster.until('the program has ended', () => seen.outcome !== undefined);
  expect([seen.values.length, seen.outcome]).toEqual([20, 'JOB_CANCELED']);
});

test('at least once gives values out at once, and some of them again', async () => {
  await using cluster = await TestCluster.open();
  const seen: Seen = { values: [] };
  const gate = new Gate(10);
  const build = (env: StreamExecutionEnvironment) => texts(env, { uid: 'a', count: 20, gate });
  const settle = (env: StreamExecutionEnvironment) =>
    void env.enableCheckpointing(3_600_000, CheckpointingMode.AtLeastOnce);
  const jobId = await cluster.submit(collecting(seen, build, settle));
  await cluster.until('the first have come', () => seen.values.length === 20);
  cluster.crashSlot(cluster.liveSlots()[0] as number);
  gate.open();
  await cluster.cluster.awaitResult(jobId);
  await cluster.until('the program has ended', () => seen.outcome !== undefined);
  expect([seen.values.length, new Set(seen.values).size]).toEqual([60, 40]);
});

test('without checkpoints a job that has given values out does not begin again', async () => {
  await using cluster = await TestCluster.open();
  const seen: Seen = { values: [] };
  const gate = new Gate(10);
  const build = (env: StreamExecutionEnvironment) => texts(env, { uid: 'a', count: 20, gate });
  const jobId = await cluster.submit(collecting(seen, build, () => {}));
  await cluster.until('the first have come', () => seen.values.length === 20);
  cluster.crashSlot(cluster.liveSlots()[0] as number);
  await cluster.until('the program has ended', () => seen.outcome !== undefined);
  expect(seen.outcome).toBe('JOB_FAILED');
  expect(cluster.detail(jobId)).toMatchObject({ state: 'FAILED', restarts: 0 });
  expect(cluster.detail(jobId).exceptions.root).toMatchObject({ code: 'COLLECT_RESTARTED' });
});

test('without checkpoints a job that has given nothing out begins again', async () => {
  await using cluster = await TestCluster.open();
  const seen: Seen = { values: [] };
  const gate = new Gate(0);
  const build = (env: StreamExecutionEnvironment) => texts(env, { uid: 'a', count: 20, gate });
  const jobId = await cluster.submit(collecting(seen, build, () => {}));
  await cluster.awaitRunning(jobId);
  cluster.crashSlot(cluster.liveSlots()[0] as number);
  gate.open();
  await cluster.cluster.awaitResult(jobId);
  await cluster.until('the program has ended', () => seen.outcome !== undefined);
  expect(seen.values.toSorted()).toEqual(allTexts('a', 20).sort());
});
