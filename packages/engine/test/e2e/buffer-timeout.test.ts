// Whatever the buffer timeout, every record arrives, checkpoints complete and jobs end; only when records travel differs.
import { TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';
import { allTexts, job, texts } from './support/jobs.ts';
import { Gate } from './support/partitioned-source.ts';
import { TransactionalStore } from './support/transactional-store.ts';

test.each([
  [undefined, 1],
  [-1, 2],
  [0, 3],
  [1, 4],
  [3_600_000, 5],
])('of %s ms (seed %i)', async (timeoutMs, seed) => {
  await using cluster = await TestCluster.open({
    parallelism: 2,
    seed,
    jitterTurns: 2,
    ring: { segments: 3, segmentBytes: 128 },
  });
  const store = new TransactionalStore<string>();
  const gate = new Gate(20);
  const program = job((env) => {
    if (timeoutMs !== undefined) env.setBufferTimeout(timeoutMs);
    texts(env, { uid: 'a', count: 60, gate })
      .rebalance()
      .map((value) => value)
      .addSink(store.sink());
  });
  const jobId = await cluster.submit(program);
  await cluster.awaitRunning(jobId);
  await cluster.awaitCheckpoints(jobId, 2);
  cluster.crashSlot(1);
  gate.open();
  await cluster.cluster.awaitResult(jobId);
  expect(store.violations).toEqual([]);
  expect(store.committed.toSorted()).toEqual(allTexts('a', 60).sort());
});

test('of -1: a record waits for company; a barrier takes it along', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const arrived: string[] = [];
  let read = 0;
  const gate = new Gate(3);
  const jobId = await cluster.submit(
    job(
      (env) => {
        const source = texts(env, { uid: 'a', count: 10, gate }).map((value) => {
          read += 1;
          return value;
        });
        source
          .setBufferTimeout(-1)
          .partitionCustom(
            (key: string, targets) => (Number(key) + 1) % targets,
            (value: string) => value.split(':')[1] as string,
          )
          .map((value) => arrived.push(value))
          .print();
      },
      { checkpointMs: 3_600_000 },
    ),
  );
  await cluster.until('all are read', () => read === 6);
  // Turns enough for whatever is not held back.
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(arrived).toEqual([]);
  await cluster.savepoint(jobId);
  expect(arrived.toSorted()).toEqual(allTexts('a', 3).sort());
  await cluster.cluster.cancel(jobId);
});
