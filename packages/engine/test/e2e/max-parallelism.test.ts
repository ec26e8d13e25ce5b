// Max parallelism belongs to the state: a program that names none goes on with that of its savepoint.
import type { Program } from '@yeoul/engine';
import { TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';
import { job, TotalAtEnd, texts } from './support/jobs.ts';
import { Gate } from './support/partitioned-source.ts';
import { TransactionalStore } from './support/transactional-store.ts';

const KEYS = 13;

class Counting {
  readonly store = new TransactionalStore<string>();
  readonly gate = new Gate(10);

  program(maxParallelism: number | undefined): Program {
    return job((env) => {
      if (maxParallelism !== undefined) env.setMaxParallelism(maxParallelism);
      texts(env, { uid: 'a', count: 26, gate: this.gate })
        .keyBy((value) => `k${Number(value.split(':')[2]) % KEYS}`)
        .process(new TotalAtEnd())
        .uid('totals')
        .addSink(this.store.sink());
    });
  }

  totals(): readonly string[] {
    return this.store.committed.toSorted();
  }
}

const expectedTotals = Array.from({ length: KEYS }, (_, key) => `k${key} 4`).sort();

test('is taken over from the savepoint, at another parallelism, and stays over a restart of the process', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const counting = new Counting();
  const first = await cluster.submit(counting.program(16));
  await cluster.awaitRunning(first);
  await cluster.awaitCheckpoints(first, 2);
  const savepointPath = await cluster.stop(first);
  const second = await cluster.submit(counting.program(undefined), { savepointPath, parallelism: 3 });
  await cluster.awaitRunning(second);
  await cluster.awaitCheckpoints(second, 1);
  cluster.crash();
  await cluster.reopen();
  counting.gate.open();
  await cluster.cluster.awaitResult(second);
  expect(cluster.detail(second).vertices.at(-1)?.maxParallelism).toBe(16);
  expect(counting.totals()).toEqual(expectedTotals);
});

test('is refused with both values when the program names another; so is a parallelism above it', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2, slots: 24 });
  const counting = new Counting();
  const first = await cluster.submit(counting.program(16));
  await cluster.awaitRunning(first);
  await cluster.awaitCheckpoints(first, 2);
  const savepointPath = await cluster.stop(first);
  await expect(cluster.submit(counting.program(32), { savepointPath })).rejects.toMatchObject({
    code: 'MAX_PARALLELISM_CHANGED',
    message: expect.stringMatching(/max parallelism 16 .* 32/),
  });
  await expect(cluster.submit(counting.program(undefined), { savepointPath, parallelism: 17 })).rejects.toMatchObject({
    code: 'PARALLELISM_ABOVE_SAVED_MAX',
    message: expect.stringMatching(/17 .* 16/),
  });
  counting.gate.open();
  await cluster.run(counting.program(16), { savepointPath });
  expect(counting.totals()).toEqual(expectedTotals);
});
