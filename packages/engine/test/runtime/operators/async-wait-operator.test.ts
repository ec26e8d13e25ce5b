// The cases are those of Apache Flink's AsyncWaitOperatorTest.
import { OneInputOperatorHarness, type OperatorSnapshot, verifyOperator, watermark } from '@yeoul/testing';
import { describe, expect, it } from 'vitest';
import type { AsyncFunction, ResultFuture } from '../../../src/api/async-function.ts';
import { AsyncDataStream } from '../../../src/api/streams/async-data-stream.ts';
import { streamOf } from './streams.ts';

/** Answers when the test says so. */
class ByHand implements AsyncFunction<number, string> {
  readonly futures = new Map<number, ResultFuture<string>>();
  readonly timedOut: number[] = [];
  asyncInvoke(input: number, future: ResultFuture<string>): void {
    this.futures.set(input, future);
  }
  answer(...inputs: number[]): void {
    for (const input of inputs) this.futures.get(input)!.complete([`r${input}`]);
  }
}

class ByHandWithTimeout extends ByHand {
  timeout(input: number, future: ResultFuture<string>): void {
    this.timedOut.push(input);
    future.complete([`late ${input}`]);
  }
}

interface Options {
  readonly mode?: 'orderedWait' | 'unorderedWait';
  readonly timeoutMs?: number;
  readonly capacity?: number;
  readonly restore?: OperatorSnapshot;
}

function open(fn: ByHand, { mode = 'orderedWait', timeoutMs = 1000, capacity = 10, restore }: Options = {}) {
  const operator = AsyncDataStream[mode](streamOf<number>(), fn, timeoutMs, capacity);
  return OneInputOperatorHarness.open<number, string>({ operator, restore });
}

describe('async wait', () => {
  it('ordered: results leave in the order of the elements, with their timestamps, and before the watermark behind them', async () => {
    const fn = new ByHand();
    await using harness = await open(fn);
    harness.processElement(1, 10);
    harness.processElement(2, 20);
    harness.processWatermark(20);
    harness.processElement(3, 30);
    fn.answer(3, 2);
    await harness.settle();
    expect(harness.takeOutput()).toEqual([]);
    fn.answer(1);
    await harness.settle();
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 'r1', timestampMs: 10 },
      { kind: 'record', value: 'r2', timestampMs: 20 },
      { kind: 'watermark', timestampMs: 20 },
      { kind: 'record', value: 'r3', timestampMs: 30 },
    ]);
  });

  it('unordered: results leave as they come, but none overtakes a watermark', async () => {
    const fn = new ByHand();
    await using harness = await open(fn, { mode: 'unorderedWait' });
    harness.processElement(1, 1);
    harness.processElement(2, 2);
    harness.processWatermark(5);
    harness.processElement(3, 6);
    harness.processStatus(true);
    harness.processElement(4, 7);
    fn.answer(4, 3, 2);
    await harness.settle();
    expect(harness.takeValues()).toEqual(['r2']);
    fn.answer(1);
    await harness.settle();
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 'r1', timestampMs: 1 },
      { kind: 'watermark', timestampMs: 5 },
      { kind: 'record', value: 'r3', timestampMs: 6 },
      { kind: 'status', idle: true },
      { kind: 'record', value: 'r4', timestampMs: 7 },
    ]);
  });

  it('a full queue holds back further elements until something left', async () => {
    const fn = new ByHand();
    await using harness = await open(fn, { capacity: 2 });
    harness.processElement(1);
    harness.processElement(2);
    expect(harness.isBlocked).toBe(true);
    fn.answer(2);
    await harness.settle();
    expect(harness.isBlocked).toBe(true);
    fn.answer(1);
    await harness.settle();
    expect(harness.isBlocked).toBe(false);
    expect(harness.takeValues()).toEqual(['r1', 'r2']);
  });

  it('a timeout fails the task, or asks the function', async () => {
    const failing = await open(new ByHand(), { timeoutMs: 50 });
    failing.processElement(1);
    expect(() => failing.setProcessingTime(50)).toThrow(/no answer within 50 ms/);
    await failing.close();

    const fn = new ByHandWithTimeout();
    await using handled = await open(fn, { timeoutMs: 50, capacity: 2 });
    handled.processElement(1);
    handled.setProcessingTime(30);
    handled.processElement(2);
    fn.answer(2);
    await handled.settle();
    handled.setProcessingTime(49);
    expect(handled.takeValues()).toEqual([]);
    handled.setProcessingTime(50);
    await handled.settle();
    expect(handled.takeValues()).toEqual(['late 1', 'r2']);
    handled.setProcessingTime(500);
    expect(fn.timedOut).toEqual([1]);
    fn.answer(1);
    await handled.settle();
    expect(handled.takeValues()).toEqual([]);
  });

  it('asks again after a restore for what was in flight, in its order', async () => {
    const before = new ByHand();
    const first = await open(before);
    for (const value of [1, 2, 3]) first.processElement(value, value * 10);
    before.answer(1, 3);
    await first.settle();
    expect(first.takeValues()).toEqual(['r1']);
    const restore = await first.snapshot();
    await first.close();
    const after = new ByHand();
    await using second = await open(after, { restore, capacity: 1 });
    expect([...after.futures.keys()]).toEqual([2]);
    after.answer(2);
    await second.settle();
    expect([...after.futures.keys()]).toEqual([2, 3]);
    after.answer(3);
    await second.settle();
    expect(second.takeOutput()).toEqual([
      { kind: 'record', value: 'r2', timestampMs: 20 },
      { kind: 'record', value: 'r3', timestampMs: 30 },
    ]);
  });

  it('waits at the end of input until everything left', async () => {
    const fn = new ByHand();
    await using harness = await open(fn);
    harness.processElement(1);
    let ended = false;
    const end = harness.endInput().then(() => {
      ended = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ended).toBe(false);
    fn.answer(1);
    await end;
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 'r1', timestampMs: undefined },
      { kind: 'watermark', timestampMs: Number.POSITIVE_INFINITY },
    ]);
  });

  it('fails the task when the function throws, rejects or completes with an error', async () => {
    const functions: AsyncFunction<number, number>[] = [
      {
        asyncInvoke() {
          throw new Error('thrown');
        },
      },
      { asyncInvoke: async () => Promise.reject(new Error('rejected')) },
      { asyncInvoke: (_input, future) => future.completeExceptionally(new Error('completed')) },
    ];
    for (const [i, fn] of functions.entries()) {
      const harness = await OneInputOperatorHarness.open<number, number>({
        operator: AsyncDataStream.unorderedWait(streamOf<number>(), fn, 1000),
      });
      const run = async () => {
        harness.processElement(1);
        await harness.settle();
      };
      await expect(run()).rejects.toThrow(['thrown', 'rejected', 'completed'][i]!);
      await harness.close();
    }
  });

  it('keeps the results under snapshots, restores, a full output and rescaling', async () => {
    await verifyOperator<number, number>({
      operator: () =>
        AsyncDataStream.orderedWait(
          streamOf<number>(),
          async (value) => {
            await new Promise((resolve) => setTimeout(resolve, value % 3));
            return value * 2;
          },
          10_000,
          2,
        ),
      input: [1, 2, watermark(5), 3, 4],
      output: [2, 4, 6, 8],
    });
  });
});
