// The cases are those of Apache Flink's WindowOperatorTest and EvictingWindowOperatorTest, over the DataStream API.
import { element, OneInputOperatorHarness, processingTime, verifyOperator, watermark } from '@yeoul/testing';
import { describe, expect, it } from 'vitest';
import { OutputTag } from '../../../src/api/output-tag.ts';
import type { WindowContext } from '../../../src/api/process-context.ts';
import { ListStateDescriptor, ReducingStateDescriptor, ValueStateDescriptor } from '../../../src/api/state.ts';
import { ProcessWindowFunction } from '../../../src/api/window-functions.ts';
import { ContinuousEventTimeTrigger } from '../../../src/api/windows/continuous-triggers.ts';
import { CountTrigger } from '../../../src/api/windows/count-trigger.ts';
import { DeltaTrigger } from '../../../src/api/windows/delta-trigger.ts';
import { CountEvictor, TimeEvictor } from '../../../src/api/windows/evictors.ts';
import { GlobalWindows } from '../../../src/api/windows/global-windows.ts';
import { PurgingTrigger } from '../../../src/api/windows/purging-trigger.ts';
import { EventTimeSessionWindows, ProcessingTimeSessionWindows } from '../../../src/api/windows/session-windows.ts';
import { SlidingEventTimeWindows, SlidingProcessingTimeWindows } from '../../../src/api/windows/sliding-windows.ts';
import { EventTimeTrigger } from '../../../src/api/windows/time-triggers.ts';
import {
  type OnMergeContext,
  type Trigger,
  type TriggerContext,
  TriggerResult,
} from '../../../src/api/windows/trigger.ts';
import { TumblingEventTimeWindows, TumblingProcessingTimeWindows } from '../../../src/api/windows/tumbling-windows.ts';
import { TimeWindow, type Window } from '../../../src/api/windows/window.ts';
import type { WindowAssigner } from '../../../src/api/windows/window-assigner.ts';
import { addPairs, type Pair, pairs, streamOf } from './streams.ts';

const late = new OutputTag<Pair>('late');

/** "key:v1,v2@start-end" */
const describeElements = (
  key: string,
  window: TimeWindow,
  elements: readonly Pair[],
  out: { collect(s: string): void },
) => out.collect(`${key}:${elements.map((pair) => pair[1]).join(',')}@${window.start}-${window.end}`);

describe('tumbling event-time windows', () => {
  it('fire once per key when the watermark passes their last moment, with that moment as timestamp', async () => {
    const stream = pairs().window(TumblingEventTimeWindows.of(10)).reduce(addPairs);
    await using harness = await OneInputOperatorHarness.open<Pair, Pair>({ operator: stream });
    harness.processElement(['a', 1], 0);
    harness.processElement(['b', 5], 3);
    harness.processElement(['a', 2], 9);
    harness.processElement(['a', 4], 10);
    harness.processWatermark(8);
    expect(harness.takeOutput()).toEqual([{ kind: 'watermark', timestampMs: 8 }]);
    harness.processWatermark(9);
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: ['a', 3], timestampMs: 9 },
      { kind: 'record', value: ['b', 5], timestampMs: 9 },
      { kind: 'watermark', timestampMs: 9 },
    ]);
    harness.processWatermark(19);
    expect(harness.takeValues()).toEqual([['a', 4]]);
  });

  it('keep their results under snapshots, restores, a full output and rescaling (reduce, apply)', async () => {
    const input = [
      element<Pair>(['a', 1], 1),
      element<Pair>(['b', 2], 2),
      element<Pair>(['a', 3], 11),
      watermark(9),
      element<Pair>(['a', 4], 12),
      element<Pair>(['c', 9], 13),
      element<Pair>(['a', 8], 2),
      watermark(19),
    ];
    await verifyOperator<Pair, Pair>({
      operator: pairs().window(TumblingEventTimeWindows.of(10)).reduce(addPairs),
      input,
      output: [
        ['a', 1],
        ['b', 2],
        ['a', 7],
        ['c', 9],
      ],
    });
    await verifyOperator<Pair, string>({
      operator: pairs().window(TumblingEventTimeWindows.of(10)).apply(describeElements),
      input,
      output: ['a:1@0-10', 'b:2@0-10', 'a:3,4@10-20', 'c:9@10-20'],
    });
  });

  it('drop and count what is late, or give it to the side output', async () => {
    const windows = () => pairs().window(TumblingEventTimeWindows.of(10));
    await using dropping = await OneInputOperatorHarness.open<Pair, Pair>({ operator: windows().reduce(addPairs) });
    await using siding = await OneInputOperatorHarness.open<Pair, Pair>({
      operator: windows().sideOutputLateData(late).reduce(addPairs),
    });
    for (const harness of [dropping, siding]) {
      harness.processWatermark(9);
      harness.processElement(['a', 1], 9);
      harness.processElement(['a', 2], 10);
      harness.processWatermark(19);
      expect(harness.takeValues()).toEqual([['a', 2]]);
    }
    expect(dropping.metrics.count('numLateRecordsDropped')).toBe(1);
    expect(siding.metrics.count('numLateRecordsDropped')).toBe(0);
    expect(siding.takeSideOutput(late)).toEqual([{ value: ['a', 1], timestampMs: 9 }]);
  });

  it('fire again for each element within the allowed lateness, and end with it', async () => {
    for (const stream of [
      pairs().window(TumblingEventTimeWindows.of(10)).allowedLateness(5).reduce(addPairs),
      // The general operator: its trigger is of the same kind, but not known as built in.
      pairs()
        .window(TumblingEventTimeWindows.of(10))
        .trigger(new UnknownEventTimeTrigger())
        .allowedLateness(5)
        .reduce(addPairs),
    ]) {
      await using harness = await OneInputOperatorHarness.open<Pair, Pair>({ operator: stream });
      harness.processElement(['a', 1], 1);
      harness.processWatermark(12);
      expect(harness.takeValues()).toEqual([['a', 1]]);
      harness.processElement(['a', 2], 2);
      harness.processElement(['b', 3], 2);
      expect(harness.takeOutput().filter((e) => e.kind === 'record')).toEqual([
        { kind: 'record', value: ['a', 3], timestampMs: 9 },
        { kind: 'record', value: ['b', 3], timestampMs: 9 },
      ]);
      harness.processWatermark(14);
      harness.processElement(['a', 9], 2);
      expect(harness.takeValues()).toEqual([]);
      expect(harness.metrics.count('numLateRecordsDropped')).toBe(1);
    }
  });

  it('refuse records without timestamp', async () => {
    const stream = pairs().window(TumblingEventTimeWindows.of(10)).reduce(addPairs);
    await using harness = await OneInputOperatorHarness.open<Pair, Pair>({ operator: stream });
    expect(() => harness.processElement(['a', 1])).toThrow(/no timestamp/);
  });

  it('leave no state behind', async () => {
    for (const stream of [
      pairs().window(TumblingEventTimeWindows.of(10)).reduce(addPairs),
      pairs().window(TumblingEventTimeWindows.of(10)).apply(describeElements),
      pairs().window(EventTimeSessionWindows.withGap(10)).apply(describeElements),
      pairs().window(SlidingEventTimeWindows.of(10, 5)).reduce(addPairs),
    ]) {
      await using harness = await OneInputOperatorHarness.open<Pair, unknown>({ operator: stream });
      for (let i = 0; i < 50; i += 1) harness.processElement([`key${i}`, i], i);
      harness.processWatermark(1000);
      expect(harness.stateEntryCount).toBe(0);
    }
  });
});

/** Does what EventTimeTrigger does, without saying so. */
class UnknownEventTimeTrigger implements Trigger<unknown, TimeWindow> {
  readonly #inner = EventTimeTrigger.create();
  onElement(value: unknown, timestampMs: number, window: TimeWindow, context: TriggerContext) {
    return this.#inner.onElement(value, timestampMs, window, context);
  }
  onEventTime(timeMs: number, window: TimeWindow) {
    return this.#inner.onEventTime(timeMs, window);
  }
  onProcessingTime() {
    return TriggerResult.Continue;
  }
  clear(window: TimeWindow, context: TriggerContext) {
    this.#inner.clear(window, context);
  }
}

describe('sliding event-time windows', () => {
  it('count an element in each of its windows', async () => {
    const aggregate = {
      createAccumulator: () => ({ sum: 0 }),
      add: (value: Pair, accumulator: { sum: number }) => ({ sum: accumulator.sum + value[1] }),
      getResult: (accumulator: { sum: number }) => accumulator.sum,
      merge: (a: { sum: number }, b: { sum: number }) => ({ sum: a.sum + b.sum }),
    };
    await verifyOperator<Pair, number>({
      operator: pairs().window(SlidingEventTimeWindows.of(3000, 1000)).aggregate(aggregate),
      input: [
        element<Pair>(['a', 1], 3999),
        element<Pair>(['a', 1], 3000),
        element<Pair>(['a', 1], 20),
        element<Pair>(['a', 1], 0),
        element<Pair>(['a', 1], 999),
        watermark(999),
        watermark(1999),
        watermark(2999),
        watermark(3999),
        watermark(5999),
      ],
      output: [3, 3, 3, 2, 2, 2],
    });
  });
});

describe('session windows', () => {
  const sessions = () => pairs().window(EventTimeSessionWindows.withGap(10));

  it('merge sessions that an element connects', async () => {
    await verifyOperator<Pair, string>({
      operator: sessions().apply(describeElements),
      input: [
        element<Pair>(['a', 1], 0),
        element<Pair>(['a', 2], 15),
        element<Pair>(['b', 7], 3),
        element<Pair>(['a', 3], 8),
        watermark(24),
        element<Pair>(['a', 4], 40),
      ],
      output: ['b:7@3-13', 'a:1,2,3@0-25', 'a:4@40-50'],
    });
  });

  it('reduce in merged sessions', async () => {
    await verifyOperator<Pair, Pair>({
      operator: sessions().reduce(addPairs),
      input: [element<Pair>(['a', 1], 0), element<Pair>(['a', 2], 18), element<Pair>(['a', 4], 9), watermark(28)],
      output: [['a', 7]],
    });
  });

  it('let an element within the lateness extend a session that fired, and fire it again', async () => {
    await using harness = await OneInputOperatorHarness.open<Pair, string>({
      operator: sessions().allowedLateness(100).apply(describeElements),
    });
    harness.processElement(['a', 1], 0);
    harness.processWatermark(20);
    expect(harness.takeValues()).toEqual(['a:1@0-10']);
    harness.processElement(['a', 2], 5);
    expect(harness.takeValues()).toEqual(['a:1,2@0-15']);
    harness.processElement(['a', 3], 14);
    expect(harness.takeValues()).toEqual([]);
    harness.processWatermark(23);
    expect(harness.takeValues()).toEqual(['a:1,2,3@0-24']);
  });

  it('give an element to the side output when its merged session is late', async () => {
    await using harness = await OneInputOperatorHarness.open<Pair, string>({
      operator: sessions().sideOutputLateData(late).apply(describeElements),
    });
    harness.processElement(['a', 1], 30);
    harness.processWatermark(25);
    harness.processElement(['a', 2], 10);
    harness.processElement(['a', 3], 21);
    expect(harness.takeSideOutput(late)).toEqual([{ value: ['a', 2], timestampMs: 10 }]);
    harness.processWatermark(40);
    expect(harness.takeValues()).toEqual(['a:1,3@21-40']);
  });

  it('take the gap from the element', async () => {
    const stream = pairs()
      .window(EventTimeSessionWindows.withDynamicGap<Pair>((pair) => pair[1]))
      .apply(describeElements);
    await verifyOperator<Pair, string>({
      operator: stream,
      input: [element<Pair>(['a', 10], 0), element<Pair>(['a', 2], 5), element<Pair>(['a', 3], 20), watermark(50)],
      output: ['a:10,2@0-10', 'a:3@20-23'],
    });
  });

  it('merge the state of a count trigger', async () => {
    const stream = sessions().trigger(CountTrigger.of(3)).apply(describeElements);
    await verifyOperator<Pair, string>({
      operator: stream,
      input: [element<Pair>(['a', 1], 0), element<Pair>(['a', 2], 15), element<Pair>(['a', 3], 8)],
      output: ['a:1,2,3@0-25'],
    });
  });

  it('work in processing time', async () => {
    await verifyOperator<Pair, string>({
      operator: pairs().window(ProcessingTimeSessionWindows.withGap(10)).apply(describeElements),
      input: [
        processingTime(3),
        element<Pair>(['a', 1]),
        processingTime(10),
        element<Pair>(['a', 2]),
        processingTime(18),
        element<Pair>(['a', 3]),
        processingTime(40),
      ],
      output: ['a:1,2,3@3-28'],
    });
  });
});

describe('processing-time windows', () => {
  it('tumbling: fire when the clock reaches their last moment', async () => {
    const stream = pairs().window(TumblingProcessingTimeWindows.of(10)).reduce(addPairs);
    await using harness = await OneInputOperatorHarness.open<Pair, Pair>({ operator: stream });
    harness.setProcessingTime(3);
    harness.processElement(['a', 1]);
    harness.processElement(['a', 2]);
    harness.setProcessingTime(8);
    expect(harness.takeValues()).toEqual([]);
    harness.setProcessingTime(9);
    expect(harness.takeOutput()).toEqual([{ kind: 'record', value: ['a', 3], timestampMs: 9 }]);
    expect(harness.stateEntryCount).toBe(0);
  });

  it('sliding: keep their results under restores', async () => {
    await verifyOperator<Pair, Pair>({
      operator: pairs().window(SlidingProcessingTimeWindows.of(10, 5)).reduce(addPairs),
      input: [
        processingTime(3),
        element<Pair>(['a', 1]),
        processingTime(7),
        element<Pair>(['a', 2]),
        processingTime(20),
      ],
      output: [
        ['a', 1],
        ['a', 3],
        ['a', 2],
      ],
    });
  });
});

describe('triggers', () => {
  it('count windows fire and purge every n elements of a key', async () => {
    await verifyOperator<Pair, Pair>({
      operator: pairs().countWindow(2).reduce(addPairs),
      input: [
        ['a', 1],
        ['b', 10],
        ['a', 2],
        ['a', 3],
        ['b', 20],
        ['a', 4],
      ],
      output: [
        ['a', 3],
        ['b', 30],
        ['a', 7],
      ],
    });
  });

  it('sliding count windows keep the last n elements', async () => {
    await verifyOperator<Pair, Pair>({
      operator: pairs().countWindow(3, 2).reduce(addPairs),
      input: [
        ['a', 1],
        ['a', 2],
        ['a', 3],
        ['a', 4],
        ['a', 5],
        ['a', 6],
      ],
      output: [
        ['a', 3],
        ['a', 9],
        ['a', 15],
      ],
    });
  });

  it('a continuous trigger fires at its intervals and at the end', async () => {
    await verifyOperator<Pair, Pair>({
      operator: pairs()
        .window(TumblingEventTimeWindows.of(10))
        .trigger(ContinuousEventTimeTrigger.of(4))
        .reduce(addPairs),
      input: [element<Pair>(['a', 1], 1), watermark(4), element<Pair>(['a', 2], 5), watermark(8), watermark(9)],
      output: [
        ['a', 1],
        ['a', 3],
        ['a', 3],
      ],
    });
  });

  it('a purging trigger empties the window, so that a late firing holds the late element alone', async () => {
    await verifyOperator<Pair, Pair>({
      operator: pairs()
        .window(TumblingEventTimeWindows.of(10))
        .trigger(PurgingTrigger.of(EventTimeTrigger.create()))
        .allowedLateness(100)
        .reduce(addPairs),
      input: [element<Pair>(['a', 1], 1), watermark(10), element<Pair>(['a', 2], 2), watermark(300)],
      output: [
        ['a', 1],
        ['a', 2],
      ],
    });
  });

  it('a delta trigger keeps its last point in state', async () => {
    const stream = pairs()
      .window(GlobalWindows.create())
      .trigger(PurgingTrigger.of(DeltaTrigger.of<Pair>(10, (a, b) => b[1] - a[1])))
      .reduce((a, b) => [a[0], Math.max(a[1], b[1])] as const);
    await verifyOperator<Pair, Pair>({
      operator: stream,
      input: [
        ['a', 0],
        ['a', 8],
        ['a', 12],
        ['a', 20],
        ['a', 23],
      ],
      output: [
        ['a', 12],
        ['a', 23],
      ],
      endInput: false,
    });
  });

  it('a trigger of one’s own keeps state per key and window, merges it and clears it', async () => {
    const calls: string[] = [];
    const seen = new ReducingStateDescriptor<number>('seen', (a, b) => a + b);
    class EveryThird implements Trigger<Pair, TimeWindow> {
      onElement(_value: Pair, _timestampMs: number, _window: TimeWindow, context: TriggerContext) {
        const state = context.getPartitionedState(seen);
        state.add(1);
        return state.get()! % 3 === 0 ? TriggerResult.Fire : TriggerResult.Continue;
      }
      onEventTime() {
        return TriggerResult.Continue;
      }
      onProcessingTime() {
        return TriggerResult.Continue;
      }
      canMerge() {
        return true;
      }
      onMerge(window: TimeWindow, context: OnMergeContext) {
        calls.push(`merge ${window.start}-${window.end}`);
        context.mergePartitionedState(seen as never);
      }
      clear(window: TimeWindow, context: TriggerContext) {
        calls.push(`clear ${window.start}-${window.end}`);
        context.getPartitionedState(seen).clear();
      }
    }
    await using harness = await OneInputOperatorHarness.open<Pair, string>({
      operator: pairs().window(EventTimeSessionWindows.withGap(10)).trigger(new EveryThird()).apply(describeElements),
    });
    harness.processElement(['a', 1], 0);
    harness.processElement(['a', 2], 15);
    harness.processElement(['a', 3], 8);
    expect(harness.takeValues()).toEqual(['a:1,2,3@0-25']);
    harness.processWatermark(24);
    expect(calls).toEqual(['merge 0-25', 'clear 0-10', 'clear 15-25', 'clear 0-25']);
    expect(harness.stateEntryCount).toBe(0);
  });
});

describe('evictors', () => {
  it('a count evictor before the function keeps the last elements, also for later firings', async () => {
    const stream = pairs()
      .window(TumblingEventTimeWindows.of(100))
      .trigger(CountTrigger.of(2))
      .evictor(CountEvictor.of(3))
      .apply(describeElements);
    await verifyOperator<Pair, string>({
      operator: stream,
      input: [1, 2, 3, 4].map((value) => element<Pair>(['a', value], value)),
      output: ['a:1,2@0-100', 'a:2,3,4@0-100'],
    });
  });

  it('an evictor after the function empties what the next firing sees', async () => {
    const stream = pairs()
      .window(TumblingEventTimeWindows.of(100))
      .trigger(CountTrigger.of(2))
      .evictor(CountEvictor.of(1, true))
      .apply(describeElements);
    await verifyOperator<Pair, string>({
      operator: stream,
      input: [1, 2, 3, 4].map((value) => element<Pair>(['a', value], value)),
      output: ['a:1,2@0-100', 'a:2,3,4@0-100'],
    });
  });

  it('a time evictor looks at the timestamps of the elements', async () => {
    const stream = pairs().window(TumblingEventTimeWindows.of(100)).evictor(TimeEvictor.of(5)).reduce(addPairs);
    await verifyOperator<Pair, Pair>({
      operator: stream,
      input: [element<Pair>(['a', 1], 1), element<Pair>(['a', 2], 50), element<Pair>(['a', 4], 53), watermark(100)],
      output: [['a', 6]],
    });
  });
});

describe('window functions', () => {
  const count = new ValueStateDescriptor<number>('count');

  class Counting extends ProcessWindowFunction<Pair, string, string, TimeWindow> {
    static readonly cleared: string[] = [];
    process(
      key: string,
      context: WindowContext<TimeWindow>,
      elements: readonly Pair[],
      out: { collect(s: string): void },
    ) {
      const perWindow = context.windowState().getState(count);
      const overall = context.globalState().getState(count);
      perWindow.update((perWindow.value() ?? 0) + 1);
      overall.update((overall.value() ?? 0) + 1);
      out.collect(
        `${key}${context.window.start}:${elements[0]![1]} window ${perWindow.value()} all ${overall.value()}`,
      );
      context.output(late, [key, context.currentWatermark()]);
    }
    override clear(context: WindowContext<TimeWindow>) {
      Counting.cleared.push(`${context.window.start}:${context.windowState().getState(count).value()}`);
      context.windowState().getState(count).clear();
    }
  }

  it('have state per window, over windows, side outputs and time, after reduce (fast) and with a count trigger (general)', async () => {
    Counting.cleared.length = 0;
    const stream = pairs().window(TumblingEventTimeWindows.of(10)).allowedLateness(10).reduce(addPairs, new Counting());
    await using harness = await OneInputOperatorHarness.open<Pair, string>({ operator: stream });
    harness.processElement(['a', 1], 1);
    harness.processWatermark(9);
    harness.processElement(['a', 2], 2);
    harness.processElement(['a', 3], 11);
    harness.processWatermark(30);
    expect(harness.takeValues()).toEqual(['a0:1 window 1 all 1', 'a0:3 window 2 all 2', 'a10:3 window 1 all 3']);
    expect(harness.takeSideOutput(late).map((record) => record.value)).toEqual([
      ['a', 9],
      ['a', 9],
      ['a', 30],
    ]);
    expect(Counting.cleared).toEqual(['0:2', '10:1']);
    // What is left is the state over all windows, of one key.
    expect(harness.stateEntryCount).toBe(1);
  });

  it('see no per-window state when windows merge', async () => {
    const stream = pairs()
      .window(EventTimeSessionWindows.withGap(10))
      .process(new Counting() as never);
    await using harness = await OneInputOperatorHarness.open<Pair, string>({ operator: stream });
    harness.processElement(['a', 1], 1);
    expect(() => harness.processWatermark(100)).toThrow(/per-window state/);
  });

  it('run over all elements when the stream has no keys (windowAll)', async () => {
    const stream = streamOf<Pair>()
      .windowAll(TumblingEventTimeWindows.of(10))
      .apply((window, elements, out: { collect(s: string): void }) =>
        out.collect(`${window.start}:${elements.map((pair) => pair.join('')).join(',')}`),
      );
    await verifyOperator<Pair, string>({
      operator: stream,
      input: [element<Pair>(['a', 1], 1), element<Pair>(['b', 2], 2), element<Pair>(['c', 3], 12)],
      output: ['0:a1,b2', '10:c3'],
    });
  });
});

describe('window assigners of one’s own', () => {
  /** A window per sign of the value, on the whole of time. */
  class SignWindow implements Window {
    readonly sign: number;
    constructor(sign: number) {
      this.sign = sign;
    }
    maxTimestamp() {
      return 100;
    }
  }
  const assigner = (codec: boolean): WindowAssigner<Pair, SignWindow> => ({
    isEventTime: true,
    assignWindows: (pair) => [new SignWindow(Math.sign(pair[1]))],
    getDefaultTrigger: () => EventTimeTrigger.create() as unknown as Trigger<Pair, SignWindow>,
    ...(codec
      ? {
          windowCodec: {
            toData: (window: SignWindow) => window.sign,
            fromData: (data: unknown) => new SignWindow(data as number),
          },
        }
      : {}),
    toString: () => 'SignWindows()',
  });

  it('stand in state through their codec', async () => {
    await verifyOperator<Pair, Pair>({
      operator: pairs().window(assigner(true)).reduce(addPairs),
      input: [element<Pair>(['a', 1], 1), element<Pair>(['a', -1], 2), element<Pair>(['a', 2], 2), watermark(100)],
      output: [
        ['a', 3],
        ['a', -1],
      ],
    });
  });

  it('are refused by name without one', async () => {
    const stream = pairs().window(assigner(false)).reduce(addPairs);
    await using harness = await OneInputOperatorHarness.open<Pair, Pair>({ operator: stream });
    expect(() => harness.processElement(['a', 1], 1)).toThrow(/SignWindows\(\) makes windows of its own kind/);
  });

  it('may be time windows without a codec', async () => {
    const halves: WindowAssigner<Pair, TimeWindow> = {
      isEventTime: true,
      assignWindows: (_pair, timestampMs) => [timestampMs < 50 ? new TimeWindow(0, 50) : new TimeWindow(50, 100)],
      getDefaultTrigger: () => EventTimeTrigger.create(),
      toString: () => 'Halves()',
    };
    await verifyOperator<Pair, string>({
      operator: pairs().window(halves).apply(describeElements),
      input: [element<Pair>(['a', 1], 1), element<Pair>(['a', 2], 60), watermark(100)],
      output: ['a:1@0-50', 'a:2@50-100'],
    });
  });
});

describe('restored windows', () => {
  it('refuse a restore into windows of another size', async () => {
    const windows = (sizeMs: number) => pairs().window(TumblingEventTimeWindows.of(sizeMs)).reduce(addPairs);
    const first = await OneInputOperatorHarness.open<Pair, Pair>({ operator: windows(10) });
    first.processElement(['a', 1], 1);
    const restore = await first.snapshot();
    await first.close();
    await expect(OneInputOperatorHarness.open({ operator: windows(20), restore })).rejects.toThrow(
      /size 10 ms.*size 20 ms/,
    );
  });

  it('call late what was late before the restore', async () => {
    for (const stream of [
      pairs().window(TumblingEventTimeWindows.of(10)).reduce(addPairs),
      pairs().window(TumblingEventTimeWindows.of(10)).apply(describeElements),
    ]) {
      const first = await OneInputOperatorHarness.open<Pair, unknown>({ operator: stream });
      first.processWatermark(9);
      const restore = await first.snapshot();
      await first.close();
      await using second = await OneInputOperatorHarness.open<Pair, unknown>({ operator: stream, restore });
      second.processElement(['a', 1], 5);
      second.processWatermark(100);
      expect(second.takeValues()).toEqual([]);
      expect(second.metrics.count('numLateRecordsDropped')).toBe(1);
    }
  });
});

describe('list state in windows', () => {
  it('keeps elements apart by window', async () => {
    const elements = new ListStateDescriptor<number>('elements');
    class Collecting extends ProcessWindowFunction<Pair, string, string, TimeWindow> {
      process(
        _key: string,
        context: WindowContext<TimeWindow>,
        values: readonly Pair[],
        out: { collect(s: string): void },
      ) {
        const state = context.windowState().getListState(elements);
        state.add(values.length);
        out.collect(`${context.window.start}:${state.get().join(',')}`);
      }
      override clear(context: WindowContext<TimeWindow>) {
        context.windowState().getListState(elements).clear();
      }
    }
    await verifyOperator<Pair, string>({
      operator: pairs().window(TumblingEventTimeWindows.of(10)).trigger(CountTrigger.of(1)).process(new Collecting()),
      input: [element<Pair>(['a', 1], 1), element<Pair>(['a', 1], 11), element<Pair>(['a', 1], 2)],
      output: ['0:1', '10:1', '0:1,2'],
    });
  });
});
