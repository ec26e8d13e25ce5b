// Streams from iterators are read while the job runs: an endless one neither hangs the program nor loses its place.
import { FaultPlan, TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';
import { job } from './support/jobs.ts';
import { TransactionalStore } from './support/transactional-store.ts';

function* naturals(): Generator<number> {
  for (let n = 0; ; n++) yield n;
}

/** Few enough for the store, however fast the stream is. */
const KEPT_EVERY = 1000;

/** An iterator as Flink's: next() and nothing else. */
function plainIterator(count: number): Iterator<number> {
  let next = 0;
  return { next: () => (next < count ? { done: false, value: next++ } : { done: true, value: undefined }) };
}

test('an endless iterator goes on after a stop where it was, and through failures', async () => {
  await using cluster = await TestCluster.open();
  const store = new TransactionalStore<number>();
  const plan = new FaultPlan([5 * KEPT_EVERY]);
  const program = job((env) => {
    env
      .fromCollection(naturals())
      .uid('naturals')
      .filter(plan.wrap((n: number) => n % KEPT_EVERY === 0))
      .uid('filter')
      .addSink(store.sink())
      .uid('sink');
  });
  const first = await cluster.submit(program);
  await cluster.until('some are written', () => store.committed.length > 10);
  const savepointPath = await cluster.stop(first);
  const inSavepoint = store.committed.length;
  const second = await cluster.submit(program, { savepointPath });
  await cluster.until('more are written', () => store.committed.length > inSavepoint + 10);
  await cluster.cluster.cancel(second);
  expect(plan.thrown).toBe(1);
  expect(store.violations).toEqual([]);
  expect(store.committed).toEqual(store.committed.map((_, i) => i * KEPT_EVERY));
});

test.each([
  ['an iterator', () => plainIterator(40)],
  ['a set', () => new Set(Array.from({ length: 40 }, (_, i) => i))],
])('%s ends the job with its last element', async (_, elements) => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const store = new TransactionalStore<number>();
  await cluster.run(job((env) => env.fromCollection(elements()).addSink(store.sink())));
  expect(store.committed.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
});
