// From submission to the end: restarts, regions, savepoints, stops, resumption, rescaling, cancellation.
import { dirname, join } from 'node:path';
import { DiscardingSink, LongCounter, RestartStrategies, RichMapFunction, type RuntimeContext } from '@yeoul/engine';
import { FaultPlan, SeededRandom, TestCluster } from '@yeoul/testing';
import { describe, expect, test } from 'vitest';
import { allTexts, job, TotalAtEnd, texts } from './support/jobs.ts';
import { Gate } from './support/partitioned-source.ts';
import { TransactionalStore } from './support/transactional-store.ts';

const sorted = (values: readonly string[]) => [...values].sort();

describe('restarts', () => {
  test('without a strategy the failure ends the job and is its root exception', async () => {
    await using cluster = await TestCluster.open();
    const failing = cluster.run(async (env) => {
      env.setRestartStrategy(RestartStrategies.noRestart());
      env
        .fromElements(1)
        .map(new FaultPlan([1]).wrap((n: number) => n))
        .print();
      await env.execute();
    });
    await expect(failing).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('call 1') });
  });

  test('a strategy that is used up says so', async () => {
    await using cluster = await TestCluster.open();
    const plan = new FaultPlan([1, 2, 3]);
    const failing = cluster.run(
      job(
        (env) =>
          env
            .fromElements(1)
            .map(plan.wrap((n: number) => n))
            .print(),
        { restarts: 2 },
      ),
    );
    await expect(failing).rejects.toThrow(/maxNumberRestartAttempts=2.*call 3/);
    expect(plan.calls).toBe(3);
  });

  test('a failure in one region leaves the other running', async () => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const gate = new Gate(5);
    const plan = new FaultPlan([7]);
    const stores = [new TransactionalStore<string>(), new TransactionalStore<string>()] as const;
    const jobId = await cluster.submit(
      job((env) => {
        texts(env, { uid: 'a', count: 10, gate })
          .map(plan.wrap((value: string) => value))
          .addSink(stores[0].sink());
        texts(env, { uid: 'b', count: 10, gate })
          .keyBy((value) => value)
          .map((value) => value)
          .addSink(stores[1].sink());
      }),
    );
    await cluster.awaitRunning(jobId);
    await cluster.awaitCheckpoints(jobId, 2);
    gate.open();
    await cluster.cluster.awaitResult(jobId);
    const attempts = cluster.detail(jobId).vertices.map(({ name, subtasks }) => [name, subtasks.map((s) => s.attempt)]);
    expect(attempts).toEqual([
      [expect.stringContaining('a'), [expect.any(Number), expect.any(Number)]],
      [expect.stringContaining('b'), [0, 0]],
      [expect.stringContaining('Map'), [0, 0]],
    ]);
    expect(plan.thrown).toBe(1);
    expect(stores.map(({ violations }) => violations)).toEqual([[], []]);
    expect(stores.map(({ committed }) => sorted(committed))).toEqual([allTexts('a', 10), allTexts('b', 10)]);
  });
});

describe('savepoints', () => {
  test('a savepoint leaves the job as it is, and a second job goes on from it', async () => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const gate = new Gate(20);
    const stores = [new TransactionalStore<string>(), new TransactionalStore<string>()] as const;
    const programs = stores.map((store) =>
      job((env) => texts(env, { uid: 'a', count: 50, gate }).addSink(store.sink()).uid('sink')),
    );
    const first = await cluster.submit(programs[0]!);
    await cluster.awaitRunning(first);
    await cluster.until('all are written', () => stores[0].committed.length === 40);
    const savepointPath = await cluster.savepoint(first);
    gate.open();
    await cluster.cluster.awaitResult(first);
    await cluster.run(programs[1]!, { savepointPath });
    expect(sorted(stores[0].committed)).toEqual(sorted(allTexts('a', 50)));
    expect(sorted(stores[1].committed)).toEqual(sorted(allTexts('a', 50, 2, 20)));
  });

  test('cancel with savepoint commits what the savepoint holds', async () => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const store = new TransactionalStore<string>();
    const program = job((env) => texts(env, { uid: 'a', count: 50, gate: new Gate(20) }).addSink(store.sink()), {
      checkpointMs: 3_600_000,
    });
    const jobId = await cluster.submit(program);
    await cluster.awaitRunning(jobId);
    await cluster.savepoint(jobId, { cancelJob: true });
    expect(cluster.detail(jobId).state).toBe('CANCELED');
    const inSavepoint = store.committed.length;
    expect(inSavepoint).toBeGreaterThan(0);
    expect(new Set(store.committed).size).toBe(inSavepoint);
  });

  test('stop suspends: no window fires, and the next job goes on', async () => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const gate = new Gate(20);
    const store = new TransactionalStore<string>();
    const program = job((env) =>
      texts(env, { uid: 'a', count: 30, gate })
        .keyBy((value) => value.split(':')[1] as string)
        .process(new TotalAtEnd())
        .addSink(store.sink()),
    );
    const first = await cluster.submit(program);
    await cluster.awaitRunning(first);
    await cluster.awaitCheckpoints(first, 1);
    const savepointPath = await cluster.stop(first);
    expect(cluster.detail(first).state).toBe('FINISHED');
    expect(store.committed).toEqual([]);
    gate.open();
    await cluster.run(program, { savepointPath, parallelism: 1 });
    expect(sorted(store.committed)).toEqual(['0 30', '1 30']);
  });

  test.each([10, 3_600_000])(
    'stop with drain ends event time, and all of it is committed (checkpoints every %i ms)',
    async (checkpointMs) => {
      await using cluster = await TestCluster.open({ parallelism: 2 });
      const store = new TransactionalStore<string>();
      const program = job(
        (env) =>
          texts(env, { uid: 'a', count: 30, gate: new Gate(20) })
            .keyBy((value) => value.split(':')[1] as string)
            .process(new TotalAtEnd())
            .addSink(store.sink()),
        { checkpointMs },
      );
      const first = await cluster.submit(program);
      await cluster.awaitRunning(first);
      await cluster.until('all are read', () => recordsWritten(cluster, first) >= 40);
      await cluster.stop(first, { drain: true });
      expect(cluster.detail(first).state).toBe('FINISHED');
      expect(store.violations).toEqual([]);
      expect(sorted(store.committed)).toEqual(['0 20', '1 20']);
    },
  );

  test('state without an owner is refused by name, or left out when that is allowed', async () => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const gate = new Gate(5);
    const first = await cluster.submit(
      job((env) => {
        const input = texts(env, { uid: 'a', count: 10, gate });
        input
          .keyBy((value) => value)
          .process(new TotalAtEnd())
          .uid('totals')
          .print();
      }),
    );
    await cluster.awaitRunning(first);
    const savepointPath = await cluster.stop(first);
    gate.open();
    const store = new TransactionalStore<string>();
    const other = job((env) => texts(env, { uid: 'a', count: 10, gate }).addSink(store.sink()).uid('sink'));
    await expect(cluster.submit(other, { savepointPath })).rejects.toMatchObject({
      code: 'STATE_WITHOUT_OWNER',
      message: expect.stringContaining('"totals"'),
    });
    await cluster.run(other, { savepointPath, allowNonRestoredState: true });
    expect(sorted(store.committed)).toEqual(sorted(allTexts('a', 10, 2, 5)));
  });

  test.each([
    [1, 3],
    [3, 2],
    [3, 1],
  ])('keyed state moves from %i to %i subtasks', async (before, after) => {
    await using cluster = await TestCluster.open();
    const gate = new Gate(7);
    const store = new TransactionalStore<string>();
    const program = job((env) =>
      texts(env, { uid: 'a', count: 20, partitions: 5, gate })
        .keyBy((value) => `k${Number(value.split(':')[2]) % 13}`)
        .process(new TotalAtEnd())
        .addSink(store.sink()),
    );
    const first = await cluster.submit(program, { parallelism: before });
    await cluster.awaitRunning(first);
    await cluster.awaitCheckpoints(first, 2);
    const savepointPath = await cluster.stop(first);
    gate.open();
    await cluster.run(program, { savepointPath, parallelism: after });
    const expected = Array.from({ length: 13 }, (_, k) => `k${k} ${k < 7 ? 10 : 5}`);
    expect(sorted(store.committed)).toEqual(sorted(expected));
  });
});

describe('ends', () => {
  const twoSources = (store: TransactionalStore<string>, gate: Gate) =>
    job((env) => {
      const brief = texts(env, { uid: 'brief', count: 5 });
      texts(env, { uid: 'long', count: 30, gate })
        .union(brief)
        .keyBy((value) => value.split(':')[0] as string)
        .map((value) => value)
        .addSink(store.sink());
    });

  test.each([1, 2, 3])(
    'a source that had finished does not run again after a crash (parallelism %i)',
    async (parallelism) => {
      await using cluster = await TestCluster.open({ parallelism });
      const store = new TransactionalStore<string>();
      const gate = new Gate(10);
      const jobId = await cluster.submit(twoSources(store, gate));
      await cluster.until('the brief source ends', () =>
        cluster.detail(jobId).vertices.some(({ name, status }) => name.includes('brief') && status === 'FINISHED'),
      );
      await cluster.awaitCheckpoints(jobId, 2);
      cluster.crash();
      await cluster.reopen();
      await cluster.awaitRunning(jobId);
      cluster.crashSlot(0);
      gate.open();
      await cluster.cluster.awaitResult(jobId);
      expect(store.violations).toEqual([]);
      expect(sorted(store.committed)).toEqual(sorted([...allTexts('brief', 5), ...allTexts('long', 30)]));
    },
  );

  test.each([1, 3])('a source that had finished stays so from a savepoint at parallelism %i', async (parallelism) => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const store = new TransactionalStore<string>();
    const gate = new Gate(10);
    const jobId = await cluster.submit(twoSources(store, gate));
    await cluster.until('the brief source ends', () =>
      cluster.detail(jobId).vertices.some(({ name, status }) => name.includes('brief') && status === 'FINISHED'),
    );
    const savepointPath = await cluster.stop(jobId);
    gate.open();
    await cluster.run(twoSources(store, gate), { savepointPath, parallelism });
    expect(sorted(store.committed)).toEqual(sorted([...allTexts('brief', 5), ...allTexts('long', 30)]));
  });

  test('one subtask of a source that ends long before the other does not stop checkpoints', async () => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const store = new TransactionalStore<string>();
    const gate = new Gate(4);
    const jobId = await cluster.submit(
      job((env) => {
        const uneven = texts(env, { uid: 'a', partitions: 1, count: 20, gate });
        uneven.addSink(store.sink());
      }),
    );
    await cluster.until('one ends', () =>
      cluster.detail(jobId).vertices.some(({ subtasks }) => subtasks.some(({ status }) => status === 'FINISHED')),
    );
    await cluster.awaitCheckpoints(jobId, 3);
    cluster.crash();
    await cluster.reopen();
    await cluster.awaitRunning(jobId);
    gate.open();
    await cluster.cluster.awaitResult(jobId);
    expect(sorted(store.committed)).toEqual(sorted(allTexts('a', 20, 1)));
  });

  test('a transactional sink does not wait for the next interval at the end', async () => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const store = new TransactionalStore<string>();
    const program = job((env) => texts(env, { uid: 'a', count: 10 }).addSink(store.sink()), {
      checkpointMs: 3_600_000,
    });
    await cluster.run(program);
    expect(sorted(store.committed)).toEqual(allTexts('a', 10));
  });

  test.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'ends and barriers cross in any order (seed %i)',
    async (seed) => {
      const random = new SeededRandom(seed);
      await using cluster = await TestCluster.open({ parallelism: 3, seed, jitterTurns: seed % 4 });
      const store = new TransactionalStore<string>();
      const counts = [random.below(40), random.below(40), random.below(200)];
      const jobId = await cluster.submit(
        job((env) => {
          env
            .getCheckpointConfig()
            .setMaxConcurrentCheckpoints(1 + (seed % 3))
            .setCheckpointTimeout(2_000);
          env.disableOperatorChaining();
          const [a, b, c] = counts.map((count, i) => texts(env, { uid: `s${i}`, count, partitions: 1 + i }));
          a!
            .union(b!.rebalance())
            .connect(c!.rebalance())
            .map(
              (value) => value,
              (value) => value,
            )
            .rebalance()
            .map((value) => value)
            .slotSharingGroup(seed % 2 ? 'default' : 'other')
            .addSink(store.sink({ delayTurns: () => random.below(5) }));
        }),
      );
      await cluster.cluster.awaitResult(jobId);
      expect(store.violations).toEqual([]);
      expect(sorted(store.committed)).toEqual(sorted(counts.flatMap((count, i) => allTexts(`s${i}`, count, 1 + i))));
      expect(
        cluster.detail(jobId).checkpoints.history.filter(({ failureMessage }) => /expired/i.test(failureMessage ?? '')),
      ).toEqual([]);
    },
  );
});

describe('cancellation', () => {
  test.each(Array.from({ length: 10 }, (_, i) => i + 1))(
    'always ends, wherever the deployment is (seed %i)',
    async (seed) => {
      const random = new SeededRandom(seed);
      await using cluster = await TestCluster.open({ parallelism: 3, seed, jitterTurns: 3 });
      const open = new Set<object>();
      class Tracked extends RichMapFunction<string, string> {
        override async open(): Promise<void> {
          await turns(random.below(10));
          open.add(this);
        }
        override map(value: string): string {
          return value;
        }
        override async close(): Promise<void> {
          await turns(random.below(3));
          open.delete(this);
        }
      }
      const jobId = await cluster.submit(
        job((env) =>
          texts(env, { uid: 'a', count: 10, gate: new Gate(5) })
            .map(new Tracked())
            .rebalance()
            .map(new Tracked())
            .print(),
        ),
      );
      await turns(random.below(120));
      await cluster.cluster.cancel(jobId);
      await expect(cluster.cluster.awaitResult(jobId)).rejects.toMatchObject({ code: 'JOB_CANCELED' });
      expect(open.size).toBe(0);
      expect(cluster.cluster.overview()).toMatchObject({ slotsAvailable: 8, jobsCancelled: 1 });
      expect(cluster.liveSlots()).toEqual([]);
    },
  );
});

test('a program whose graph differs between two evaluations fails with what differs', async () => {
  await using cluster = await TestCluster.open();
  let evaluations = 0;
  const failing = cluster.run(
    job((env) =>
      env
        .fromElements(1)
        .map((n) => n)
        .name(`map ${++evaluations}`)
        .print(),
    ),
  );
  await expect(failing).rejects.toThrow(/map 2|map 1/);
  // No restart can help.
  expect(cluster.cluster.listJobs().map(({ jobId }) => cluster.detail(jobId).restarts)).toEqual([0]);
});

test('a slow consumer holds the source back', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2, ring: { segments: 4, segmentBytes: 1024 } });
  let emitted = 0;
  let consumed = 0;
  let furthest = 0;
  await cluster.run(
    job((env) =>
      texts(env, { uid: 'a', count: 4_000 })
        .map((value) => {
          emitted += 1;
          furthest = Math.max(furthest, emitted - consumed);
          return value;
        })
        .rebalance()
        .addSink(async () => {
          consumed += 1;
          if (consumed % 16 === 0) await turns(1);
        }),
    ),
  );
  expect(consumed).toBe(8_000);
  // Two rings of 4 KiB with some 15 bytes a record, two local queues of 1,024 records, and what is on the way.
  expect(furthest).toBeLessThan(4_500);
});

test('a program goes on after a crash of the process, with the results of the jobs before it', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const gate = new Gate(5);
  const seen: unknown[] = [];
  const jobId = await cluster.submit(async (env) => {
    const first = await env
      .fromElements(1, 2, 3)
      .map((n) => n * 2)
      .executeAndCollect(10);
    env.enableCheckpointing(10);
    const total = first.reduce((a, b) => a + b, 0);
    texts(env, { uid: 'a', count: 10, gate })
      .map((value) => `${value} ${total}`)
      .print();
    await env.execute('second');
    seen.push(first.sort());
  });
  await cluster.cluster.awaitResult(jobId);
  await cluster.until('the second job runs', () =>
    cluster.cluster.listJobs().some(({ name, state }) => name === 'second' && state === 'RUNNING'),
  );
  cluster.crash();
  await cluster.reopen();
  gate.open();
  await cluster.until('the program ends', () => seen.length > 0);
  expect(seen).toEqual([[2, 4, 6]]);
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

function recordsWritten(cluster: TestCluster, jobId: string): number {
  cluster.cluster.requestReports(jobId);
  return cluster.detail(jobId).vertices[0]?.metrics.writeRecords ?? 0;
}

test('a program may execute while an earlier job of it is running', async () => {
  await using cluster = await TestCluster.open();
  const store = new TransactionalStore<string>();
  const gate = new Gate(3);
  const firstId = await cluster.submit(async (env) => {
    texts(env, { uid: 'a', count: 5, partitions: 1, gate }).print();
    const first = await env.executeAsync('first');
    const some = await texts(env, { uid: 'b', count: 100, partitions: 1 }).executeAndCollect(2);
    env.enableCheckpointing(10);
    env.fromElements(`saw ${some.join()}`).addSink(store.sink());
    await env.execute('third');
    gate.open();
    await first.getJobExecutionResult();
  });
  await cluster.cluster.awaitResult(firstId);
  expect(store.committed).toEqual(['saw b:0:0,b:0:1']);
});

test('the client of a running job tells its accumulators, triggers savepoints and stops it', async () => {
  await using cluster = await TestCluster.open();
  const seen: unknown[] = [];
  await cluster.submit(async (env) => {
    env.fromSequence(1, Number.MAX_SAFE_INTEGER).map(new CountAll()).addSink(new DiscardingSink());
    const client = await env.executeAsync();
    const count = async () => Number((await client.getAccumulators())['all'] ?? 0);
    while ((await count()) === 0) {
      cluster.cluster.requestReports(client.getJobID());
      await turns(1);
    }
    const savepoint = await client.triggerSavepoint(join(cluster.dataDirectory, 'here'));
    seen.push([dirname(savepoint), await client.getJobStatus()]);
    const last = await client.stopWithSavepoint(false);
    seen.push([last === savepoint, await client.getJobStatus()]);
    seen.push(await client.triggerSavepoint().catch((error: { code: string }) => error.code));
    const result = await client.getJobExecutionResult();
    seen.push(result.getAccumulatorResult('all') === (await count()));
  });
  await cluster.until('the program ends', () => seen.length === 4);
  expect(seen).toEqual([[join(cluster.dataDirectory, 'here'), 'RUNNING'], [false, 'FINISHED'], 'JOB_TERMINATED', true]);
});

class CountAll extends RichMapFunction<number, number> {
  readonly #all = new LongCounter();

  override open(context: RuntimeContext): void {
    context.addAccumulator('all', this.#all);
  }

  override map(value: number): number {
    this.#all.add(1);
    return value;
  }
}
