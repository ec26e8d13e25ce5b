// What operators emit at the end is written once, although the commit of it fails or the process dies before it is over.
import { NodeDurableFiles, type OperatorContext, type StreamOperator } from '@yeoul/engine/runtime';
import { InjectedFault, TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';
import { allTexts, job, texts } from './support/jobs.ts';
import { TransactionalStore } from './support/transactional-store.ts';

/** Counts, and says how many there were when its input has ended. Its count stays in its state. */
function countAtEnd(context: OperatorContext): StreamOperator {
  const state = context.operatorState.getListState<number>({ name: 'count', elementType: undefined } as never);
  const count = () => state.get()[0] ?? 0;
  return {
    inputs: [
      {
        processElement: () => state.update([count() + 1]),
        processWatermark: (timestampMs) => context.advanceWatermark(timestampMs),
        processStatus: () => undefined,
        processLatencyMarker: () => undefined,
      },
    ],
    finish: () => context.output.collect(`${context.runtime.indexOfThisSubtask} ${count()}`),
  };
}

test.each([
  ['in one task with the sink', true],
  ['in a task of its own', false],
])('the commit of what came at the end fails (%s)', async (_, chained) => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const store = new TransactionalStore<string>();
  let commits = 0;
  const beforeCommit = () => {
    commits += 1;
    if (commits <= 3) throw new InjectedFault(`commit ${commits}`);
  };
  await cluster.run(
    job(
      (env) => {
        const counted = texts(env, { uid: 'a', count: 10 }).rebalance().transform<string>('count', countAtEnd);
        (chained ? counted : counted.rebalance()).addSink(store.sink({ beforeCommit }));
      },
      { checkpointMs: 3_600_000 },
    ),
  );
  expect(commits).toBeGreaterThan(3);
  expect(store.violations).toEqual([]);
  expect([...store.committed].sort()).toEqual(['0 10', '1 10']);
});

/** Writes of `_metadata` of checkpoints wait, until they are all made to fail. */
class HeldCheckpoints extends NodeDurableFiles {
  held = 0;
  #fail: (error: Error) => void = () => {};
  readonly #failure = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  override async writeAtomic(path: string, content: Uint8Array): Promise<void> {
    if (!/chk-\d+.*_metadata/.test(path)) return super.writeAtomic(path, content);
    this.held += 1;
    return this.#failure;
  }

  failAll(): void {
    this.#fail(new InjectedFault('_metadata'));
  }
}

test('a task that waits for its last checkpoint ends with the savepoint of a stop, although that checkpoint fails', async () => {
  const files = new HeldCheckpoints();
  await using cluster = await TestCluster.open({ files });
  const store = new TransactionalStore<string>();
  const program = job(
    (env) => {
      env.getCheckpointConfig().setTolerableCheckpointFailureNumber(1000);
      texts(env, { uid: 'a', count: 10 }).rebalance().addSink(store.sink());
    },
    { checkpointMs: 3_600_000 },
  );
  const jobId = await cluster.submit(program);
  await cluster.until('the last checkpoint is written', () => files.held === 1);
  const stopped = cluster.stop(jobId);
  await cluster.until('the savepoint is acknowledged', () => {
    const [newest] = cluster.detail(jobId).checkpoints.history;
    return newest?.kind === 'savepoint' && newest.acknowledgedCount === newest.subtaskCount;
  });
  files.failAll();
  await stopped;
  await cluster.cluster.awaitResult(jobId);
  expect(store.violations).toEqual([]);
  expect(store.committed.toSorted()).toEqual(allTexts('a', 10).sort());
});
