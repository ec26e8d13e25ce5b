// Splits that appear while a job runs, between its runs, and between the looks of its subtasks: each is read once, none is left.
import { type Program, WatermarkStrategy } from '@yeoul/engine';
import { FaultPlan, TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';
import { job } from './support/jobs.ts';
import { Gate, PartitionedSource, type PartitionSplit } from './support/partitioned-source.ts';
import { TransactionalStore } from './support/transactional-store.ts';

const HOUR_MS = 3_600_000;

/** Partitions that are found at each look; a record is `partition:index`. */
class ChangingSource extends PartitionedSource<string> {
  readonly #find: () => readonly number[];

  constructor(find: () => readonly number[], countOf: (partition: number) => number, gate?: Gate) {
    super({
      partitions: 0,
      recordsPerPartition: countOf,
      recordAt: (partition, index) => `${partition}:${index}`,
      ...(gate ? { gate } : {}),
    });
    this.#find = find;
  }

  override enumerateSplits(): PartitionSplit[] {
    return this.#find().map((partition) => ({ partition, next: 0 }));
  }
}

function reading(source: () => ChangingSource, store: TransactionalStore<string>, checkpointMs: number): Program {
  return job(
    (env) =>
      env.fromSource(source(), WatermarkStrategy.noWatermarks<string>(), 'a').uid('a').addSink(store.sink()).uid('s'),
    { checkpointMs },
  );
}

function records(...counts: readonly (readonly [partition: number, count: number])[]): string[] {
  return counts.flatMap(([partition, count]) => Array.from({ length: count }, (_, i) => `${partition}:${i}`)).sort();
}

test('subtasks that look at different moments go by what the first of them found', async () => {
  await using cluster = await TestCluster.open({ parallelism: 3 });
  const store = new TransactionalStore<string>();
  let first = 10;
  const found: number[][] = [];
  const look = (): number[] => {
    first -= 1;
    found.push(Array.from({ length: 12 - first }, (_, i) => first + i));
    return found.at(-1) as number[];
  };
  await cluster.run(reading(() => new ChangingSource(look, () => 3), store, 10));
  expect(found.map((partitions) => partitions.length)).toEqual([3, 4, 5]);
  expect(store.committed.toSorted()).toEqual(records([9, 3], [10, 3], [11, 3]));
});

test('a split that appears before a restore is read although a subtask had finished', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const stores = [new TransactionalStore<string>(), new TransactionalStore<string>()] as const;
  const gate = new Gate(5);
  let partitions = [1, 2];
  const source = () =>
    new ChangingSource(
      () => partitions,
      (partition) => (partition === 1 ? 5 : 20),
      gate,
    );
  const jobId = await cluster.submit(reading(source, stores[0], 10));
  await cluster.until('one subtask finished', () =>
    cluster.detail(jobId).vertices.some(({ subtasks }) => subtasks.some(({ status }) => status === 'FINISHED')),
  );
  const savepointPath = await cluster.stop(jobId);
  partitions = [0, 1, 2];
  gate.open();
  await cluster.run(reading(source, stores[1], 10), { savepointPath });
  const all = [...stores[0].committed, ...stores[1].committed].sort();
  expect(all).toEqual(records([0, 20], [1, 5], [2, 20]));
});

test.each([1, 3])('a split that appears before a restore at parallelism %i is read once', async (parallelism) => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const stores = [new TransactionalStore<string>(), new TransactionalStore<string>()] as const;
  const gate = new Gate(5);
  let partitions = [1, 2, 3];
  const source = () =>
    new ChangingSource(
      () => partitions,
      () => 9,
      gate,
    );
  const jobId = await cluster.submit(reading(source, stores[0], 10));
  await cluster.until('all are written', () => stores[0].committed.length === 15);
  const savepointPath = await cluster.stop(jobId);
  partitions = [0, 1, 2, 3, 4];
  gate.open();
  await cluster.run(reading(source, stores[1], 10), { savepointPath, parallelism });
  const all = [...stores[0].committed, ...stores[1].committed].sort();
  expect(all).toEqual(records([0, 9], [1, 9], [2, 9], [3, 9], [4, 9]));
});

test.each([10, HOUR_MS])(
  'a subtask that is restarted alone goes on with its share, whatever appeared (checkpoints every %i ms)',
  async (checkpointMs) => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const store = new TransactionalStore<string>();
    const gate = new Gate(5);
    const plan = new FaultPlan([11]);
    let partitions = [1, 2];
    const program = job(
      (env) =>
        env
          .fromSource(
            new ChangingSource(
              () => partitions,
              () => 9,
              gate,
            ),
            WatermarkStrategy.noWatermarks<string>(),
            'a',
          )
          .map(plan.wrap((value: string) => value))
          .addSink(store.sink()),
      { checkpointMs },
    );
    const jobId = await cluster.submit(program);
    await cluster.until('all are read', () => plan.calls === 10);
    partitions = [0, 1, 2];
    gate.open();
    await cluster.cluster.awaitResult(jobId);
    expect(
      cluster
        .detail(jobId)
        .vertices[0]?.subtasks.map(({ attempt }) => attempt)
        .sort(),
    ).toEqual([0, 1]);
    expect(store.committed.toSorted()).toEqual(records([1, 9], [2, 9]));
  },
);
