import { describe, expect, it } from 'vitest';
import { TwoPhaseCommitSinkFunction } from '../../src/index.ts';

interface Transaction {
  readonly id: number;
}

class RecordingSink extends TwoPhaseCommitSinkFunction<string, Transaction> {
  readonly log: string[] = [];
  #next: number;

  constructor(firstId: number) {
    super();
    this.#next = firstId;
  }
  protected override beginTransaction(): Transaction {
    return { id: this.#next++ };
  }
  protected override write({ id }: Transaction, value: string): void {
    this.log.push(`write ${id} ${value}`);
  }
  protected override preCommit({ id }: Transaction): void {
    this.log.push(`preCommit ${id}`);
  }
  protected override async commit({ id }: Transaction): Promise<void> {
    await Promise.resolve();
    this.log.push(`commit ${id}`);
  }
  protected override abort({ id }: Transaction): void {
    this.log.push(`abort ${id}`);
  }
}

/** Operator state of one subtask, restored from `content`. */
function stateOf(content: unknown[]) {
  const list = {
    get: () => content,
    update: (values: Iterable<unknown>) => content.splice(0, content.length, ...structuredClone([...values])),
  };
  return {
    isRestored: content.length > 0,
    restoredCheckpointId: undefined,
    operatorStateStore: { getListState: () => list } as never,
  };
}

const context = {} as never;
const snapshot = (checkpointId: number) => ({ checkpointId, checkpointTimestampMs: 0 });

describe('TwoPhaseCommitSinkFunction', () => {
  it('commits what stood before a barrier once its checkpoint is complete, in order', async () => {
    const sink = new RecordingSink(1);
    await sink.initializeState(stateOf([]));
    await sink.invoke('a', context);
    await sink.snapshotState(snapshot(1));
    await sink.invoke('b', context);
    await sink.snapshotState(snapshot(2));
    await sink.invoke('c', context);
    await Promise.all([sink.notifyCheckpointComplete(2), sink.notifyCheckpointComplete(2)]);
    await sink.close();
    expect(sink.log).toEqual([
      'write 1 a',
      'preCommit 1',
      'write 2 b',
      'preCommit 2',
      'write 3 c',
      'commit 1',
      'commit 2',
      'abort 3',
    ]);
  });

  it('does not commit what a later checkpoint holds', async () => {
    const sink = new RecordingSink(1);
    await sink.initializeState(stateOf([]));
    await sink.snapshotState(snapshot(5));
    await sink.snapshotState(snapshot(6));
    await sink.notifyCheckpointComplete(5);
    expect(sink.log).toEqual(['preCommit 1', 'preCommit 2', 'commit 1']);
  });

  it('keeps an uncommitted transaction in every checkpoint, and commits it at restore', async () => {
    const content: unknown[] = [];
    const sink = new RecordingSink(1);
    await sink.initializeState(stateOf(content));
    await sink.snapshotState(snapshot(1));
    await sink.snapshotState(snapshot(2));
    expect(content).toEqual([{ current: { id: 3 }, pending: [{ id: 1 }, { id: 2 }] }]);
    const restored = new RecordingSink(10);
    await restored.initializeState(stateOf(content));
    expect(restored.log).toEqual(['commit 1', 'commit 2', 'abort 3']);
  });

  it('drops a committed transaction from the next checkpoint only', async () => {
    const content: unknown[] = [];
    const sink = new RecordingSink(1);
    await sink.initializeState(stateOf(content));
    await sink.snapshotState(snapshot(1));
    const committing = sink.notifyCheckpointComplete(1);
    await sink.snapshotState(snapshot(2));
    await committing;
    expect(content).toEqual([{ current: { id: 3 }, pending: [{ id: 1 }, { id: 2 }] }]);
    await sink.snapshotState(snapshot(3));
    expect(content).toEqual([{ current: { id: 4 }, pending: [{ id: 2 }, { id: 3 }] }]);
  });
});
