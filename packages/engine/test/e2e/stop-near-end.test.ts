// A stop that meets a job at its end: some tasks have ended, some wait for their last checkpoint, some get the barrier between the end of
// their input and their own.
import { RestartStrategies, type StreamExecutionEnvironment } from '@yeoul/engine';
import { SeededRandom, TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';
import { allTexts, texts } from './support/jobs.ts';
import { TransactionalStore } from './support/transactional-store.ts';

async function stopNearEnd(seed: number, drain: boolean): Promise<void> {
  const random = new SeededRandom(seed);
  await using cluster = await TestCluster.open({
    seed,
    parallelism: 1 + random.below(3),
    jitterTurns: random.below(4),
  });
  const store = new TransactionalStore<string>();
  const program = async (env: StreamExecutionEnvironment): Promise<void> => {
    env.enableCheckpointing(10).setRestartStrategy(RestartStrategies.fixedDelayRestart(100, 1));
    env.disableOperatorChaining();
    texts(env, { uid: 'a', count: 40, partitions: 3 })
      .keyBy((text) => text)
      .map((text) => text)
      .uid('map')
      .addSink(store.sink({ delayTurns: () => random.below(3) }))
      .uid('sink');
    await env.execute('job');
  };
  const jobId = await cluster.submit(program);
  await cluster.awaitRunning(jobId);
  await new Promise((resolve) => setTimeout(resolve, random.below(12)));
  const savepointPath = await cluster.stop(jobId, { drain }).catch(() => undefined);
  await cluster.until('it ends', () => ['FINISHED', 'FAILED'].includes(cluster.detail(jobId).state), 5_000);
  expect(cluster.detail(jobId).state).toBe('FINISHED');
  if (savepointPath !== undefined) await cluster.run(program, { savepointPath });
  expect(store.violations).toEqual([]);
  expect(store.committed.toSorted()).toEqual(allTexts('a', 40, 3).sort());
}

test.each([false, true])(
  'ends the job, and what goes on from its savepoint brings the rest, once (drain %s)',
  async (drain) => {
    for (let seed = 1; seed <= 3; seed++) await stopNearEnd(seed, drain);
  },
);
