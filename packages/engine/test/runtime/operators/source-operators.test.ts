import { FakeClock, mergeSnapshots, type OperatorSnapshot, SourceOperatorHarness } from '@yeoul/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollectionSource } from '../../../src/api/collection-source.ts';
import { DataGeneratorSource, RateLimiterStrategy } from '../../../src/api/data-generator-source.ts';
import type { CheckpointedFunction, FunctionInitializationContext } from '../../../src/api/functions.ts';
import type { Source, SourceContext, SourceFunction } from '../../../src/api/source.ts';
import { type ListState, ListStateDescriptor } from '../../../src/api/state.ts';
import { WatermarkStrategy } from '../../../src/api/watermark-strategy.ts';
import type { OperatorSpec } from '../../../src/graph/operator-spec.ts';
import { claimSplits } from '../../../src/runtime/operators/source/claim-splits.ts';

const specOf = (source: SourceFunction<unknown>): OperatorSpec => ({ kind: 'sourceFunction', source });
const runOf = (run: SourceFunction<unknown>['run']): OperatorSpec => specOf({ run });
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** 0 … limit-1, position in state. */
class Counting implements SourceFunction<number>, CheckpointedFunction {
  readonly #limit: number;
  #next = 0;
  #state: ListState<number> | undefined;
  constructor(limit: number) {
    this.#limit = limit;
  }
  initializeState(context: FunctionInitializationContext) {
    this.#state = context.operatorStateStore.getListState(new ListStateDescriptor<number>('next'));
    this.#next = this.#state.get()[0] ?? 0;
  }
  snapshotState() {
    this.#state!.update([this.#next]);
  }
  *run(context: SourceContext<number>) {
    while (this.#next < this.#limit) {
      context.collectWithTimestamp(this.#next, this.#next * 10);
      this.#next += 1;
      yield;
    }
  }
}

describe('source functions', () => {
  it('a generator is pulled step by step, stops between steps when told to, and ends', async () => {
    await using harness = await SourceOperatorHarness.open<number>({ operator: specOf(new Counting(3)) });
    expect(harness.poll()).toBe('more');
    expect(harness.takeOutput()).toEqual([{ kind: 'record', value: 0, timestampMs: 0 }]);
    expect(await harness.run()).toBe('end');
    await harness.finish();
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 1, timestampMs: 10 },
      { kind: 'record', value: 2, timestampMs: 20 },
      { kind: 'watermark', timestampMs: Number.POSITIVE_INFINITY },
    ]);
  });

  it('goes on from the position of a snapshot taken between any two steps', async () => {
    const values: number[] = [];
    let restore: OperatorSnapshot | undefined;
    for (let i = 0; i < 5; i += 1) {
      await using harness = await SourceOperatorHarness.open<number>({ operator: specOf(new Counting(5)), restore });
      harness.poll();
      values.push(...harness.takeValues());
      restore = await harness.snapshot(i + 1);
    }
    expect(values).toEqual([0, 1, 2, 3, 4]);
  });

  it('emits yielded values, and waits for yielded promises', async () => {
    await using harness = await SourceOperatorHarness.open({
      operator: runOf(function* () {
        yield 1;
        yield sleep(1);
        yield 2;
      }),
    });
    expect(harness.poll()).toBe('more');
    expect(harness.poll()).toBe('wait');
    await sleep(10);
    expect(await harness.run()).toBe('end');
    expect(harness.takeValues()).toEqual([1, 2]);
  });

  it('an async generator: what it collects after an await waits for the next poll, and is out before a barrier', async () => {
    let position = 0;
    await using harness = await SourceOperatorHarness.open<number>({
      operator: runOf(async function* (context) {
        for (; position < 3; ) {
          await sleep(1);
          context.collect(position);
          position += 1;
          yield;
        }
      }),
    });
    harness.poll();
    await sleep(10);
    expect(position).toBe(1);
    expect(harness.takeValues()).toEqual([]);
    await harness.snapshot(1);
    expect(harness.takeValues()).toEqual([0]);
    while ((await harness.run()) === 'wait') await sleep(2);
    expect(harness.takeValues()).toEqual([1, 2]);
  });

  it('a promise runs by itself and is held up by collectAsync', async () => {
    let collected = 0;
    await using harness = await SourceOperatorHarness.open<number>({
      operator: runOf(async (context) => {
        for (; collected < 1000; collected += 1) await context.collectAsync(collected);
      }),
    });
    expect(harness.poll()).toBe('wait');
    await sleep(5);
    expect(collected).toBeLessThan(1000);
    expect(await harness.run()).toBe('end');
    expect(harness.takeValues()).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it('a promise that collects without bound fails with the limit', async () => {
    await using harness = await SourceOperatorHarness.open<number>({
      operator: runOf(async (context) => {
        await sleep(0);
        for (;;) context.collect(1);
      }),
    });
    harness.poll();
    await sleep(20);
    await expect(
      (async () => {
        for (;;) await harness.run(1_000_000);
      })(),
    ).rejects.toThrow(/collected 100000 records without waiting/);
  });

  it('errors of generators, async generators and promises fail the poll', async () => {
    const runs: SourceFunction<unknown>['run'][] = [
      function* () {
        yield 1;
        throw new Error('broken');
      },
      async function* () {
        yield 1;
        throw new Error('broken');
      },
      async () => {
        await sleep(0);
        throw new Error('broken');
      },
    ];
    for (const run of runs) {
      await using harness = await SourceOperatorHarness.open({ operator: runOf(run) });
      const playing = (async () => {
        for (;;) {
          if ((await harness.run()) === 'end') return;
          await sleep(1);
        }
      })();
      await expect(playing).rejects.toThrow('broken');
    }
  });

  it('cancel tells the source, and closing runs its finally blocks', async () => {
    const calls: string[] = [];
    const source: SourceFunction<number> = {
      *run(context) {
        try {
          while (context.isRunning()) yield 1;
          calls.push('loop ended');
        } finally {
          calls.push('finally');
        }
      },
      cancel: () => calls.push('cancel'),
    };
    const harness = await SourceOperatorHarness.open({ operator: specOf(source) });
    harness.poll();
    harness.cancel();
    expect(harness.poll()).toBe('end');
    await harness.close();
    expect(calls).toEqual(['cancel', 'loop ended', 'finally']);
  });

  it('watermarks and idleness keep their place among the records', async () => {
    await using harness = await SourceOperatorHarness.open<number>({
      operator: runOf(function* (context) {
        context.emitWatermark(5);
        context.emitWatermark(4);
        context.markAsTemporarilyIdle();
        context.markAsTemporarilyIdle();
        yield;
        context.collect(1);
        yield;
      }),
    });
    await harness.run();
    expect(harness.takeOutput()).toEqual([
      { kind: 'watermark', timestampMs: 5 },
      { kind: 'status', idle: true },
      { kind: 'status', idle: false },
      { kind: 'record', value: 1, timestampMs: undefined },
    ]);
  });

  it('sends latency markers at their interval', async () => {
    await using harness = await SourceOperatorHarness.open<number>({
      operator: specOf(new Counting(1)),
      execution: { latencyTrackingIntervalMs: 100 },
    });
    harness.setProcessingTime(250);
    expect(harness.takeOutput().map((e) => e.kind === 'latency' && e.marker.markedTimeMs)).toEqual([100, 200]);
  });
});

interface Range {
  readonly id: string;
  readonly at: number;
  readonly end: number;
}

/** Reads ranges of numbers, one number per poll. */
class Ranges implements Source<number, Range> {
  readonly boundedness = 'BOUNDED';
  readonly #ranges: readonly Range[];
  constructor(ranges: readonly Range[]) {
    this.#ranges = ranges;
  }
  enumerateSplits() {
    return this.#ranges;
  }
  splitId(range: Range) {
    return range.id;
  }
  createReader() {
    let ranges: Range[] = [];
    return {
      pollNext(output: { collectWithTimestamp(value: number, timestampMs: number): void }): 'more' | 'end' {
        const [first, ...rest] = ranges;
        if (first === undefined) return 'end';
        if (first.at < first.end) output.collectWithTimestamp(first.at, first.at);
        ranges = first.at + 1 < first.end ? [{ ...first, at: first.at + 1 }, ...rest] : rest;
        return 'more';
      },
      isAvailable: () => Promise.resolve(),
      snapshotState: () => ranges,
      addSplits(splits: readonly Range[]) {
        ranges = [...ranges, ...splits];
      },
    };
  }
}

describe('split sources', () => {
  const rangesOf = (count: number): Range[] =>
    Array.from({ length: count }, (_, i) => ({ id: `split-${i}`, at: i * 10, end: i * 10 + 1 + (i % 4) }));

  it('every record is read once, whatever the parallelism, restores and splits found later', async () => {
    const phases = fc.array(
      fc.record({ parallelism: fc.integer({ min: 1, max: 4 }), polls: fc.nat(6), found: fc.nat(3) }),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    await fc.assert(
      fc.asyncProperty(phases, fc.nat(6), async (steps, initial) => {
        let splits = initial;
        let restore: OperatorSnapshot | undefined;
        const read: number[] = [];
        for (const [i, { parallelism, polls, found }] of [
          ...steps,
          { parallelism: 2, polls: 1000, found: 0 },
        ].entries()) {
          const operator: OperatorSpec = {
            kind: 'splitSource',
            source: new Ranges(rangesOf(splits)) as Source<unknown, unknown>,
            watermarks: undefined,
          };
          const snapshots: OperatorSnapshot[] = [];
          for (let subtask = 0; subtask < parallelism; subtask += 1) {
            await using harness = await SourceOperatorHarness.open<number>({ operator, parallelism, subtask, restore });
            let state: 'more' | 'wait' | 'end' = 'more';
            for (let poll = 0; poll < polls && state === 'more'; poll += 1) state = harness.poll();
            read.push(...harness.takeValues());
            // A subtask at its end finishes and takes its state with it.
            if (state !== 'end') snapshots.push(await harness.snapshot(i + 1));
          }
          if (snapshots.length === 0) break;
          restore = mergeSnapshots(snapshots);
          if (i < steps.length - 1) splits += found;
        }
        const expected = rangesOf(splits).flatMap(({ at, end }) => Array.from({ length: end - at }, (_, k) => at + k));
        expect(read.sort((a, b) => a - b)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('gives timestamps and watermarks of its own', async () => {
    const watermarks = WatermarkStrategy.forMonotonousTimestamps<number>().withTimestampAssigner(
      (value) => value * 100,
    );
    await using harness = await SourceOperatorHarness.open<number>({
      operator: {
        kind: 'splitSource',
        source: new Ranges(rangesOf(1)) as Source<unknown, unknown>,
        watermarks: watermarks as never,
      },
      execution: { autoWatermarkIntervalMs: 10 },
    });
    harness.poll();
    harness.setProcessingTime(10);
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 0, timestampMs: 0 },
      { kind: 'watermark', timestampMs: -1 },
    ]);
  });

  it('what enumeration finds anew is dealt, what was restored stays, and every subtask remembers all ids', () => {
    const facts = {
      splitId: (split: unknown) => split as string,
      found: ['a', 'b', 'c', 'd'],
      restored: ['z'],
      knownIds: ['a', 'b', 'z'],
      readers: [0, 1],
    };
    expect([0, 1].map((subtask) => claimSplits({ ...facts, subtask }))).toEqual([
      { splits: ['z', 'c'], knownIds: ['a', 'b', 'c', 'd', 'z'] },
      { splits: ['z', 'd'], knownIds: ['a', 'b', 'c', 'd', 'z'] },
    ]);
  });

  it('what is new is dealt to subtasks that read; with none of them nobody takes it', () => {
    const facts = { splitId: (split: unknown) => split as string, found: ['a', 'b', 'c'], restored: [], knownIds: [] };
    const handsOf = (readers: readonly number[]) =>
      [0, 1, 2].map((subtask) => claimSplits({ ...facts, readers, subtask }).splits);
    expect([handsOf([0, 2]), handsOf([1]), handsOf([])]).toEqual([
      [['a', 'c'], [], ['b']],
      [[], ['a', 'b', 'c'], []],
      [[], [], []],
    ]);
  });
});

describe('ingestion time', () => {
  const execution = { ingestionTime: true, autoWatermarkIntervalMs: 100 };
  const clockAt = (nowMs: number) => new FakeClock(nowMs);

  it('stamps records of source functions, whatever time they bring, and emits its own watermarks', async () => {
    const operator = runOf(async function* (context: SourceContext<unknown>) {
      context.collectWithTimestamp('a', 5);
      context.emitWatermark(7);
      yield 'b';
      await new Promise(() => undefined);
    });
    const clock = clockAt(1030);
    await using harness = await SourceOperatorHarness.open<string>({ operator, execution, clock });
    await harness.run();
    harness.setProcessingTime(1199);
    await harness.run();
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 'a', timestampMs: 1030 },
      { kind: 'record', value: 'b', timestampMs: 1030 },
      { kind: 'watermark', timestampMs: 1100 },
    ]);
  });

  it('does the same for split sources without a strategy of their own', async () => {
    const source = new CollectionSource(['a', 'b']) as Source<unknown, unknown>;
    const operator: OperatorSpec = { kind: 'splitSource', source, watermarks: undefined };
    const clock = clockAt(250);
    await using harness = await SourceOperatorHarness.open<string>({ operator, execution, clock });
    harness.poll();
    harness.setProcessingTime(450);
    await harness.run();
    await harness.finish();
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 'a', timestampMs: 250 },
      { kind: 'record', value: 'b', timestampMs: 250 },
      { kind: 'watermark', timestampMs: 300 },
      { kind: 'watermark', timestampMs: 400 },
      { kind: 'watermark', timestampMs: Number.POSITIVE_INFINITY },
    ]);
  });
});

describe('a data generator source', () => {
  const specOfRate = (rate: RateLimiterStrategy, count = 4): OperatorSpec => {
    const source = new DataGeneratorSource((index) => index * 10, count, rate) as Source<unknown, unknown>;
    return { kind: 'splitSource', source, watermarks: undefined };
  };

  it('makes records of indices', async () => {
    const operator = specOfRate(RateLimiterStrategy.noOp());
    await using harness = await SourceOperatorHarness.open<number>({ operator });
    expect([await harness.run(), harness.takeValues()]).toEqual(['end', [0, 10, 20, 30]]);
  });

  it('keeps to its share of the rate, and goes on where its splits say', async () => {
    const operator = specOfRate(RateLimiterStrategy.perSecond(10), 300);
    const values: number[] = [];
    let restore: OperatorSnapshot | undefined;
    for (const startMs of [1000, 5000]) {
      const options = { operator, restore, clock: new FakeClock(startMs), parallelism: 2 };
      await using harness = await SourceOperatorHarness.open<number>(options);
      for (const [afterMs, records] of [
        [0, 1],
        [199, 0],
        [200, 1],
        [400, 1],
      ] as const) {
        harness.setProcessingTime(startMs + afterMs);
        expect(await harness.run()).toBe('wait');
        const taken = harness.takeValues();
        expect([afterMs, taken.length]).toEqual([afterMs, records]);
        values.push(...taken);
      }
      restore = await harness.snapshot(1);
    }
    expect(new Set(values).size).toBe(6);
  });

  it('gives its share at first and after each completed checkpoint, then waits', async () => {
    const operator = specOfRate(RateLimiterStrategy.perCheckpoint(5), 7);
    const options = { operator, parallelism: 2 };
    await using harness = await SourceOperatorHarness.open<number>(options);
    expect([await harness.run(), harness.takeValues().length]).toEqual(['wait', 2]);
    expect([await harness.run(), harness.takeValues().length]).toEqual(['wait', 0]);
    await harness.snapshot(1);
    expect([await harness.run(), harness.takeValues().length]).toEqual(['wait', 0]);
    await harness.notifyCheckpointComplete(1);
    expect([await harness.run(), harness.takeValues().length]).toEqual(['end', 2]);
  });

  it('needs a rate above 0', () => {
    expect(() => RateLimiterStrategy.perSecond(0)).toThrow('rate');
    expect(() => RateLimiterStrategy.perCheckpoint(0)).toThrow('rate');
  });
});
