import { OneInputOperatorHarness, openKeyedOneInputHarness } from '@yeoul/testing';
import { describe, expect, it } from 'vitest';
import type { OperatorSpec } from '../../../src/graph/operator-spec.ts';

describe('map', () => {
  it('emits one result per element and keeps its timestamp', async () => {
    const spec: OperatorSpec = { kind: 'map', fn: (value) => (value as number) * 2 };
    await using harness = await OneInputOperatorHarness.open<number, number>({ operator: spec });
    harness.processElement(1, 10);
    harness.processElement(2);
    harness.processWatermark(10);
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 2, timestampMs: 10 },
      { kind: 'record', value: 4, timestampMs: undefined },
      { kind: 'watermark', timestampMs: 10 },
    ]);
  });

  it('runs the life cycle of its object in order', async () => {
    const calls: string[] = [];
    const rich = {
      setRuntimeContext: () => calls.push('setRuntimeContext'),
      initializeState: () => calls.push('initializeState'),
      open: () => calls.push('open'),
      snapshotState: () => calls.push('snapshotState'),
      notifyCheckpointComplete: (id: number) => void calls.push(`complete ${id}`),
      notifyCheckpointAborted: (id: number) => void calls.push(`aborted ${id}`),
      close: () => calls.push('close'),
    };
    const spec = { kind: 'map', fn: (value: unknown) => value, rich } as unknown as OperatorSpec;
    const harness = await OneInputOperatorHarness.open({ operator: spec });
    await harness.snapshot(1);
    await harness.notifyCheckpointComplete(1);
    await harness.notifyCheckpointAborted(2);
    await harness.close();
    expect(calls).toEqual([
      'setRuntimeContext',
      'initializeState',
      'open',
      'snapshotState',
      'complete 1',
      'aborted 2',
      'close',
    ]);
  });
});

describe('filter and flatMap', () => {
  it('filter lets through what the function accepts', async () => {
    const spec: OperatorSpec = { kind: 'filter', fn: (value) => (value as number) % 2 === 0 };
    await using harness = await OneInputOperatorHarness.open<number, number>({ operator: spec });
    for (const value of [1, 2, 3, 4]) harness.processElement(value);
    expect(harness.takeValues()).toEqual([2, 4]);
  });

  it('flatMap emits any number of results with the timestamp of the element', async () => {
    const spec: OperatorSpec = {
      kind: 'flatMap',
      fn: (value, out) => {
        for (const word of (value as string).split(' ')) out.collect(word);
      },
    };
    await using harness = await OneInputOperatorHarness.open<string, string>({ operator: spec });
    harness.processElement('to be or', 5);
    expect(harness.takeOutput()).toEqual(
      ['to', 'be', 'or'].map((value) => ({ kind: 'record', value, timestampMs: 5 })),
    );
  });
});

describe('keyed reduce', () => {
  const spec: OperatorSpec = {
    kind: 'keyedReduce',
    fn: (a, b) => {
      const [key, x] = a as [string, number];
      return [key, x + (b as [string, number])[1]];
    },
  };
  const key = ([name]: [string, number]): string => name;

  it('emits the value so far of each key', async () => {
    await using harness = await openKeyedOneInputHarness<[string, number], [string, number]>({ operator: spec, key });
    harness.processElement(['a', 1]);
    harness.processElement(['b', 10]);
    harness.processElement(['a', 2]);
    expect(harness.takeValues()).toEqual([
      ['a', 1],
      ['b', 10],
      ['a', 3],
    ]);
  });

  it('a sum of pairs keeps only the number and emits what the general sum does', async () => {
    const pairs: [string, number][] = ['a', 'b', 'a', 'a', 'b', 'c'].map((name, i) => [name, i + 0.5]);
    const sums = async (pairSum: boolean) => {
      const operator = { ...spec, ...(pairSum ? { pairSum: { keyField: 0, sumField: 1 } } : {}) } as OperatorSpec;
      const first = await openKeyedOneInputHarness<[string, number], unknown>({ operator, key });
      for (const pair of pairs) first.processElement(pair, 7);
      const before = first.takeOutput();
      const restore = await first.snapshot();
      await first.close();
      await using second = await openKeyedOneInputHarness<[string, number], unknown>({ operator, key, restore });
      for (const pair of pairs) second.processElement(pair, 8);
      return [...before, ...second.takeOutput()];
    };
    expect(await sums(true)).toEqual(await sums(false));
  });

  it('goes on from a snapshot', async () => {
    const first = await openKeyedOneInputHarness<[string, number], unknown>({ operator: spec, key });
    first.processElement(['a', 1]);
    const restore = await first.snapshot();
    await first.close();
    await using second = await openKeyedOneInputHarness<[string, number], unknown>({ operator: spec, key, restore });
    second.processElement(['a', 2]);
    expect(second.takeValues()).toEqual([['a', 3]]);
  });
});
