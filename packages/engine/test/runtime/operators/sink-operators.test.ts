import { OneInputOperatorHarness, type OperatorSnapshot } from '@yeoul/testing';
import { describe, expect, it } from 'vitest';
import { formatRecord } from '../../../src/api/format-record.ts';
import type { SinkContext } from '../../../src/api/process-context.ts';
import { TwoPhaseCommitSinkFunction } from '../../../src/api/two-phase-commit-sink.ts';
import { printPrefix } from '../../../src/runtime/operators/sink/print-sink-operator.ts';
import { streamOf } from './streams.ts';

describe('sinks', () => {
  it('get time and timestamp; a promise holds back the next element', async () => {
    const seen: string[] = [];
    let release = () => {};
    const sink = {
      invoke(value: number, context: SinkContext) {
        seen.push(`${value} ${context.timestamp()} ${context.currentWatermark()} ${context.currentProcessingTime()}`);
        if (value === 2) return new Promise<void>((resolve) => (release = resolve));
        return undefined;
      },
      finish: () => void seen.push('finish'),
    };
    await using harness = await OneInputOperatorHarness.open<number, never>({
      operator: streamOf<number>().addSink(sink as never),
    });
    harness.setProcessingTime(7);
    harness.processWatermark(3);
    harness.processElement(1, 5);
    harness.processElement(2);
    expect(() => harness.processElement(3)).toThrow(/waiting/);
    release();
    await harness.settle();
    harness.processElement(3);
    await harness.endInput();
    expect(seen).toEqual(['1 5 3 7', '2 undefined 3 7', '3 undefined 3 7', 'finish']);
  });

  it('a rejected promise fails the task', async () => {
    const operator = streamOf<number>().addSink(async () => Promise.reject(new Error('full')));
    await using harness = await OneInputOperatorHarness.open<number, never>({ operator });
    harness.processElement(1);
    await expect(harness.settle()).rejects.toThrow('full');
  });

  it('print writes lines with the prefix of Flink', async () => {
    expect([printPrefix('', 0, 1), printPrefix('', 1, 2), printPrefix('id', 0, 1), printPrefix('id', 1, 2)]).toEqual([
      '',
      '2> ',
      'id> ',
      'id:2> ',
    ]);
    const operator = streamOf<unknown>().print('out');
    await using harness = await OneInputOperatorHarness.open<unknown, never>({ operator, parallelism: 2, subtask: 1 });
    harness.processElement('a');
    harness.processElement({ b: [1, 2n] });
    harness.processElement(['to', 1]);
    expect(harness.printed).toEqual([
      { stream: 'stdout', text: 'out:2> a\n' },
      { stream: 'stdout', text: 'out:2> {"b":[1,"2"]}\n' },
      { stream: 'stdout', text: 'out:2> (to,1)\n' },
    ]);
  });

  it('records print as one line each', () => {
    const named = { toString: () => 'named' };
    const records = [
      1,
      null,
      undefined,
      ['to', 1],
      ['a', [1, null], { b: [2] }],
      [],
      { c: ['to', 1] },
      new Map([['a', 1]]),
      named,
    ];
    expect(records.map(formatRecord)).toEqual([
      '1',
      'null',
      'undefined',
      '(to,1)',
      '(a,(1,null),{"b":[2]})',
      '()',
      '{"c":["to",1]}',
      '{"a":1}',
      'named',
    ]);
  });

  it('collect sends batches, by size, by time, before a barrier and at the end', async () => {
    const spec = { kind: 'collect', collectId: 'c1' } as const;
    await using harness = await OneInputOperatorHarness.open<number, never>({ operator: spec });
    for (let i = 0; i < 257; i += 1) harness.processElement(i);
    expect(harness.collected.map((message) => message.values.length)).toEqual([256]);
    harness.setProcessingTime(50);
    expect(harness.collected.map((message) => message.values.length)).toEqual([256, 1]);
    harness.processElement(1);
    await harness.snapshot();
    await harness.endInput();
    expect(harness.collected.slice(2)).toEqual([
      { collectId: 'c1', values: [1], end: false, checkpointId: 1 },
      { collectId: 'c1', values: [], end: true },
    ]);
  });
});

/** What a database would hold: transactions by id. */
class Ledger {
  readonly open = new Map<number, string[]>();
  readonly committed = new Map<number, readonly string[]>();
  readonly aborted: number[] = [];
  nextId = 0;
  failCommits = false;

  get visible(): string[] {
    return [...this.committed.values()].flat();
  }
}

class LedgerSink extends TwoPhaseCommitSinkFunction<string, number> {
  readonly #ledger: Ledger;
  constructor(ledger: Ledger) {
    super();
    this.#ledger = ledger;
  }
  protected beginTransaction() {
    this.#ledger.nextId += 1;
    this.#ledger.open.set(this.#ledger.nextId, []);
    return this.#ledger.nextId;
  }
  protected write(transaction: number, value: string) {
    this.#ledger.open.get(transaction)!.push(value);
  }
  protected preCommit() {}
  protected commit(transaction: number) {
    if (this.#ledger.failCommits) throw new Error('no connection');
    const values = this.#ledger.open.get(transaction);
    if (values !== undefined) this.#ledger.committed.set(transaction, values);
    this.#ledger.open.delete(transaction);
  }
  protected abort(transaction: number) {
    this.#ledger.aborted.push(transaction);
    this.#ledger.open.delete(transaction);
  }
}

// The cases are those of Apache Flink's TwoPhaseCommitSinkFunctionTest.
describe('two-phase commit sink', () => {
  const open = (ledger: Ledger, restore?: OperatorSnapshot, parallelism = 1, subtask = 0) =>
    OneInputOperatorHarness.open<string, never>({
      operator: streamOf<string>().addSink(new LedgerSink(ledger)),
      restore,
      parallelism,
      subtask,
    });

  it('makes visible with a completed checkpoint what came before its barrier, and nothing else', async () => {
    const ledger = new Ledger();
    await using harness = await open(ledger);
    harness.processElement('a');
    await harness.snapshot(1);
    harness.processElement('b');
    expect(ledger.visible).toEqual([]);
    await harness.notifyCheckpointComplete(1);
    expect(ledger.visible).toEqual(['a']);
  });

  it('a later notification commits earlier transactions, too, in order', async () => {
    const ledger = new Ledger();
    await using harness = await open(ledger);
    for (const [id, value] of [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ] as const) {
      harness.processElement(value);
      await harness.snapshot(id);
    }
    await harness.notifyCheckpointComplete(2);
    expect(ledger.visible).toEqual(['a', 'b']);
    await harness.notifyCheckpointComplete(1);
    await harness.notifyCheckpointComplete(3);
    expect(ledger.visible).toEqual(['a', 'b', 'c']);
  });

  it('commits at restore what was pre-committed and aborts what was in hand; the rest is replayed', async () => {
    const ledger = new Ledger();
    const first = await open(ledger);
    first.processElement('a');
    const restore = await first.snapshot(1);
    first.processElement('lost');
    // No notification: the process died before it came.
    const second = await open(ledger, restore);
    expect(ledger.visible).toEqual(['a']);
    second.processElement('b');
    await second.snapshot(2);
    await second.notifyCheckpointComplete(2);
    expect(ledger.visible).toEqual(['a', 'b']);
    await second.close();
  });

  it('commits once when the notification came and the restore is from the same checkpoint', async () => {
    const ledger = new Ledger();
    const first = await open(ledger);
    first.processElement('a');
    const restore = await first.snapshot(1);
    await first.notifyCheckpointComplete(1);
    await first.close();
    await using _second = await open(ledger, restore);
    expect(ledger.visible).toEqual(['a']);
  });

  it('a failed commit fails the task, and the next attempt commits', async () => {
    const ledger = new Ledger();
    const first = await open(ledger);
    first.processElement('a');
    const restore = await first.snapshot(1);
    ledger.failCommits = true;
    await expect(first.notifyCheckpointComplete(1)).rejects.toThrow('no connection');
    ledger.failCommits = false;
    await using _second = await open(ledger, restore);
    expect(ledger.visible).toEqual(['a']);
  });

  it('loses no transaction when restored at another parallelism', async () => {
    const ledger = new Ledger();
    const first = await open(ledger);
    for (const id of [1, 2, 3]) {
      first.processElement(`v${id}`);
      await first.snapshot(id);
    }
    const restore = await first.snapshot(4);
    for (const subtask of [0, 1, 2]) {
      await using _harness = await open(ledger, restore, 3, subtask);
    }
    expect(ledger.visible.sort()).toEqual(['v1', 'v2', 'v3']);
  });
});
