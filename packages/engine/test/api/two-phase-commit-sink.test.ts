import { describe, expect, it } from 'vitest';
import { Time, TwoPhaseCommitSinkFunction } from '../../src/index.ts';

interface Transaction {
  readonly id: number;
}

class RecordingSink extends TwoPhaseCommitSinkFunction<string, Transaction> {
  readonly log: string[] = [];
  #next: number;

  readonly #refusesCommits: boolean;

  constructor(firstId: number, refusesCommits = false) {
    super();
    this.#refusesCommits = refusesCommits;
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
    if (this.#refusesCommits) throw new Error('commit refused');
    this.log.push(`commit ${id}`);
  }
  protected override abort({ id }: Transaction): void {
    this.log.push(`abort ${id}`);
  }
}

/** Operator state of one subtask, restored from `content`. */
function stateOf(content: unknown[], clock = { nowMs: 0 }, warnings: string[] = []) {
  const list = {
    get: () => content,
    update: (values: Iterable<unknown>) => content.splice(0, content.length, ...structuredClone([...values])),
  };
  return {
    isRestored: content.length > 0,
    restoredCheckpointId: undefined,
    operatorStateStore: { getListState: () => list } as never,
    currentProcessingTime: () => clock.nowMs,
    warn: (message: string) => warnings.push(message),
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
    expect(content).toEqual([stateWith(3, [1, 2])]);
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
    expect(content).toEqual([stateWith(3, [1, 2])]);
    await sink.snapshotState(snapshot(3));
    expect(content).toEqual([stateWith(4, [2, 3])]);
  });
});

/** A sink whose commits fail, that begins its transactions at 1000. */
async function afterRestoreAt(
  nowMs: number,
  configure: (sink: RecordingSink) => void,
): Promise<{ readonly failure: string | undefined; readonly warnings: readonly string[]; readonly left: unknown }> {
  const content: unknown[] = [];
  const first = new RecordingSink(1);
  await first.initializeState(stateOf(content, { nowMs: 1000 }));
  await first.snapshotState(snapshot(1));
  const warnings: string[] = [];
  const restored = new RecordingSink(10, true);
  configure(restored);
  const failure = await restored.initializeState(stateOf(content, { nowMs }, warnings)).then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (failure === undefined) await restored.snapshotState(snapshot(2));
  return { failure, warnings, left: content[0] };
}

// The cases are those of Apache Flink's TwoPhaseCommitSinkFunctionTest.
describe('the transaction timeout', () => {
  it('lets a commit at restore fail the job, unless failures after it are ignored and it is over', async () => {
    const ignoring = (sink: RecordingSink) => sink.setTransactionTimeout(500).ignoreFailuresAfterTransactionTimeout();
    expect((await afterRestoreAt(5000, () => {})).failure).toBe('commit refused');
    expect((await afterRestoreAt(5000, (sink) => sink.setTransactionTimeout(500))).failure).toBe('commit refused');
    expect((await afterRestoreAt(5000, (sink) => sink.ignoreFailuresAfterTransactionTimeout())).failure).toBe(
      'commit refused',
    );
    expect((await afterRestoreAt(1500, ignoring)).failure).toBe('commit refused');
    const ignored = await afterRestoreAt(1501, ignoring);
    expect(ignored).toEqual({
      failure: undefined,
      warnings: [expect.stringMatching(/\{"id":1\}.*commit refused.*501 ms.*500 ms.*may be lost/)],
      left: { current: { id: 11 }, pending: [{ id: 10 }], startedMs: { current: 1501, pending: [1501] } },
    });
  });

  it('warns before commits of transactions that are near it', async () => {
    const warnings: string[] = [];
    const clock = { nowMs: 0 };
    const sink = new RecordingSink(1).setTransactionTimeout(Time.seconds(1)).enableTransactionTimeoutWarnings(0.5);
    await sink.initializeState(stateOf([], clock, warnings));
    await sink.snapshotState(snapshot(1));
    clock.nowMs = 500;
    await sink.notifyCheckpointComplete(1);
    expect(warnings).toEqual([]);
    await sink.snapshotState(snapshot(2));
    clock.nowMs = 502;
    await sink.notifyCheckpointComplete(2);
    expect(warnings).toEqual([expect.stringMatching(/\{"id":2\} has been open for 502 ms.*1000 ms/)]);
    expect(() => sink.enableTransactionTimeoutWarnings(1.5)).toThrow('warningRatio');
  });

  it('counts from the restore for states that do not tell when their transactions were begun', async () => {
    const old = [{ current: { id: 2 }, pending: [{ id: 1 }] }];
    const sink = new RecordingSink(3, true).setTransactionTimeout(1).ignoreFailuresAfterTransactionTimeout();
    await expect(sink.initializeState(stateOf(old, { nowMs: 1e12 }))).rejects.toThrow('commit refused');
  });
});

function stateWith(current: number, pending: readonly number[]) {
  const startedMs = { current: 0, pending: pending.map(() => 0) };
  return { current: { id: current }, pending: pending.map((id) => ({ id })), startedMs };
}
