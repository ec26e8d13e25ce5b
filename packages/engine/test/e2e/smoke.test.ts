import { WatermarkStrategy } from '@yeoul/engine';
import { TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';
import { PartitionedSource } from './support/partitioned-source.ts';
import { TransactionalStore } from './support/transactional-store.ts';

test('a parallel job over a transactional sink commits every record once at its end', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const store = new TransactionalStore<number>();
  await cluster.run(async (env) => {
    env.enableCheckpointing(10);
    env
      .fromSource(
        new PartitionedSource({ partitions: 4, recordsPerPartition: () => 100, recordAt: (p, i) => p * 1000 + i }),
        WatermarkStrategy.noWatermarks(),
        'numbers',
      )
      .keyBy((n) => n % 7)
      .map((n) => n + 1)
      .addSink(store.sink());
    await env.execute('smoke');
  });
  expect(store.violations).toEqual([]);
  expect(store.committed).toHaveLength(400);
  expect(new Set(store.committed).size).toBe(400);
});
