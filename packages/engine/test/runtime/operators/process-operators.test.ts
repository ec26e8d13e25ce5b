import {
  element,
  OneInputOperatorHarness,
  processingTime,
  TwoInputOperatorHarness,
  verifyOperator,
  watermark,
} from '@yeoul/testing';
import { describe, expect, it } from 'vitest';
import type { Collector, RuntimeContext } from '../../../src/api/functions.ts';
import { OutputTag } from '../../../src/api/output-tag.ts';
import type {
  BroadcastContext,
  KeyedBroadcastContext,
  KeyedProcessContext,
  KeyedReadOnlyBroadcastContext,
  OnTimerContext,
  ReadOnlyBroadcastContext,
} from '../../../src/api/process-context.ts';
import {
  BroadcastProcessFunction,
  KeyedBroadcastProcessFunction,
  KeyedCoProcessFunction,
  KeyedProcessFunction,
} from '../../../src/api/process-functions.ts';
import { MapStateDescriptor, type ValueState, ValueStateDescriptor } from '../../../src/api/state.ts';
import { type Pair, pairs, streamOf } from './streams.ts';

const side = new OutputTag<string>('side');

/** Emits the sum of a key 10 ms after its last element, in event or processing time. */
class SumAfterSilence extends KeyedProcessFunction<string, Pair, string> {
  readonly #eventTime: boolean;
  #sum!: ValueState<number>;
  #deadline!: ValueState<number>;

  constructor(eventTime: boolean) {
    super();
    this.#eventTime = eventTime;
  }

  override open(context: RuntimeContext) {
    this.#sum = context.getState(new ValueStateDescriptor<number>('sum'));
    this.#deadline = context.getState(new ValueStateDescriptor<number>('deadline'));
  }

  processElement(value: Pair, context: KeyedProcessContext<string>) {
    const timers = context.timerService();
    const before = this.#deadline.value();
    const next = 10 + (this.#eventTime ? context.timestamp()! : timers.currentProcessingTime());
    if (before !== undefined) {
      if (this.#eventTime) timers.deleteEventTimeTimer(before);
      else timers.deleteProcessingTimeTimer(before);
    }
    if (this.#eventTime) timers.registerEventTimeTimer(next);
    else timers.registerProcessingTimeTimer(next);
    this.#deadline.update(next);
    this.#sum.update((this.#sum.value() ?? 0) + value[1]);
  }

  override onTimer(timestampMs: number, context: OnTimerContext<string>, out: Collector<string>) {
    out.collect(`${context.getCurrentKey()}=${this.#sum.value()}@${timestampMs} ${context.timeDomain()}`);
    this.#sum.clear();
    this.#deadline.clear();
  }
}

describe('keyed process', () => {
  it('fires event-time timers in order, deduplicated, with their time as timestamp', async () => {
    await using harness = await OneInputOperatorHarness.open<Pair, string>({
      operator: pairs().process(new SumAfterSilence(true)),
    });
    harness.processElement(['a', 1], 5);
    harness.processElement(['b', 9], 3);
    harness.processElement(['a', 2], 5);
    harness.processWatermark(12);
    harness.processElement(['a', 4], 8);
    harness.processWatermark(20);
    expect(harness.takeOutput()).toEqual([
      { kind: 'watermark', timestampMs: 12 },
      { kind: 'record', value: 'b=9@13 EVENT_TIME', timestampMs: 13 },
      { kind: 'record', value: 'a=7@18 EVENT_TIME', timestampMs: 18 },
      { kind: 'watermark', timestampMs: 20 },
    ]);
    expect(harness.stateEntryCount).toBe(0);
  });

  it('fires processing-time timers by the clock, without a timestamp', async () => {
    await using harness = await OneInputOperatorHarness.open<Pair, string>({
      operator: pairs().process(new SumAfterSilence(false)),
    });
    harness.processElement(['a', 1]);
    harness.setProcessingTime(5);
    harness.processElement(['a', 2]);
    harness.setProcessingTime(14);
    expect(harness.takeOutput()).toEqual([]);
    harness.setProcessingTime(15);
    expect(harness.takeOutput()).toEqual([{ kind: 'record', value: 'a=3@15 PROCESSING_TIME', timestampMs: undefined }]);
  });

  it('keeps timers and state through snapshots, restores and rescaling, in both time domains', async () => {
    const input = [
      element<Pair>(['a', 1], 1),
      element<Pair>(['b', 2], 2),
      element<Pair>(['a', 3], 3),
      element<Pair>(['c', 4], 9),
    ];
    await verifyOperator<Pair, string>({
      operator: () => pairs().process(new SumAfterSilence(true)),
      input: [...input, watermark(30)],
      output: ['b=2@12 EVENT_TIME', 'a=4@13 EVENT_TIME', 'c=4@19 EVENT_TIME'],
    });
    await verifyOperator<Pair, string>({
      operator: () => pairs().process(new SumAfterSilence(false)),
      input: [processingTime(1), ...input.slice(0, 2), processingTime(4), ...input.slice(2), processingTime(40)],
      output: ['b=2@11 PROCESSING_TIME', 'a=4@14 PROCESSING_TIME', 'c=4@14 PROCESSING_TIME'],
    });
  });

  it('stops firing while the output is full, and goes on before the next element', async () => {
    let room = 0;
    await using harness = await OneInputOperatorHarness.open<Pair, string>({
      operator: pairs().process(new SumAfterSilence(true)),
      isOutputAvailable: () => room-- > 0,
    });
    for (let i = 0; i < 300; i += 1) harness.processElement([`k${i}`, 1], i);
    harness.processWatermark(1000);
    const first = harness.takeOutput();
    expect(first.length).toBeLessThan(300);
    expect(harness.isBlocked).toBe(true);
    expect(() => harness.processElement(['x', 1], 2000)).toThrow(/waiting/);
    room = 1000;
    await harness.settle();
    const rest = harness.takeOutput();
    expect(first.length + rest.length).toBe(301);
    expect(rest.at(-1)).toEqual({ kind: 'watermark', timestampMs: 1000 });
  });
});

describe('process without keys', () => {
  it('has time and side outputs, but neither timers nor key', async () => {
    const stream = streamOf<number>().process((value, context, out: Collector<number>) => {
      if (value === 0) context.timerService().registerEventTimeTimer(1);
      if (value < 0)
        context.output(side, `negative at ${context.timestamp()} of ${context.timerService().currentWatermark()}`);
      else out.collect(value);
    });
    await using harness = await OneInputOperatorHarness.open<number, number>({ operator: stream });
    harness.processWatermark(3);
    harness.processElement(-1, 4);
    harness.processElement(-2);
    harness.processElement(5, 4);
    expect(harness.takeValues()).toEqual([5]);
    expect(harness.takeSideOutput(side)).toEqual([
      { value: 'negative at 4 of 3', timestampMs: 4 },
      { value: 'negative at undefined of 3', timestampMs: undefined },
    ]);
    expect(() => harness.processElement(0)).toThrow(/call keyBy\(\) before process/);
  });
});

describe('two inputs', () => {
  it('co-map and co-flat-map run their own function per input, watermarks combine', async () => {
    const stream = streamOf<number>()
      .connect(streamOf<string>())
      .flatMap({
        flatMap1: (value: number, out: Collector<string>) => out.collect(`number ${value}`),
        flatMap2: (value: string, out: Collector<string>) => out.collect(`text ${value}`),
      });
    await using harness = await TwoInputOperatorHarness.open<number, string, string>({ operator: stream });
    harness.processElement1(1, 1);
    harness.processElement2('x', 2);
    harness.processWatermark1(10);
    expect(harness.takeOutput()).toEqual([
      { kind: 'record', value: 'number 1', timestampMs: 1 },
      { kind: 'record', value: 'text x', timestampMs: 2 },
    ]);
    harness.processWatermark2(7);
    harness.processStatus2(true);
    expect(harness.takeOutput()).toEqual([
      { kind: 'watermark', timestampMs: 7 },
      { kind: 'watermark', timestampMs: 10 },
    ]);
  });

  it('keyed co-process shares state and timers of a key between its inputs, over a restore', async () => {
    class Match extends KeyedCoProcessFunction<string, Pair, Pair, string> {
      readonly #waiting = new ValueStateDescriptor<number>('waiting');
      processElement1(value: Pair, context: KeyedProcessContext<string>) {
        this.getRuntimeContext().getState(this.#waiting).update(value[1]);
        context.timerService().registerEventTimeTimer(context.timestamp()! + 10);
      }
      processElement2(value: Pair, context: KeyedProcessContext<string>, out: Collector<string>) {
        const state = this.getRuntimeContext().getState(this.#waiting);
        out.collect(`${context.getCurrentKey()}:${state.value()}+${value[1]}`);
        state.clear();
      }
      override onTimer(_timestampMs: number, context: OnTimerContext<unknown>, out: Collector<string>) {
        const state = this.getRuntimeContext().getState(this.#waiting);
        if (state.value() !== undefined) out.collect(`${context.getCurrentKey()} alone`);
      }
    }
    const stream = pairs().connect(pairs()).process(new Match());
    const options = { operator: stream };
    const first = await TwoInputOperatorHarness.open<Pair, Pair, string>(options);
    first.processElement1(['a', 1], 0);
    first.processElement1(['b', 2], 0);
    const restore = await first.snapshot();
    await first.close();
    await using second = await TwoInputOperatorHarness.open<Pair, Pair, string>({ ...options, restore });
    second.processElement2(['b', 5], 1);
    second.processBothWatermarks(100);
    expect(second.takeValues()).toEqual(['b:2+5', 'a alone']);
  });
});

describe('broadcast process', () => {
  const rules = new MapStateDescriptor<string, number>('rules');

  it('elements read what the broadcast side wrote; unknown states are named', async () => {
    class Scale extends BroadcastProcessFunction<number, number, number> {
      processElement(value: number, context: ReadOnlyBroadcastContext, out: Collector<number>) {
        if (value < 0) context.getBroadcastState(new MapStateDescriptor('other'));
        out.collect(value * (context.getBroadcastState(rules).get('factor') ?? 1));
      }
      processBroadcastElement(value: number, context: BroadcastContext) {
        context.getBroadcastState(rules).put('factor', value);
      }
    }
    const stream = streamOf<number>().connect(streamOf<number>().broadcast(rules)).process(new Scale());
    const first = await TwoInputOperatorHarness.open<number, number, number>({ operator: stream });
    first.processElement1(2);
    first.processElement2(10);
    first.processElement1(3);
    expect(first.takeValues()).toEqual([2, 30]);
    expect(() => first.processElement1(-1)).toThrow(/"other".*given: rules/);
    const restore = await first.snapshot();
    await first.close();
    for (const subtask of [0, 1, 2]) {
      await using restored = await TwoInputOperatorHarness.open<number, number, number>({
        operator: stream,
        restore,
        parallelism: 3,
        subtask,
      });
      restored.processElement1(4);
      expect(restored.takeValues()).toEqual([40]);
    }
  });

  it('keyed: the broadcast side visits the state of every key, elements have timers', async () => {
    const last = new ValueStateDescriptor<number>('last');
    class Report extends KeyedBroadcastProcessFunction<string, Pair, string, string> {
      processElement(value: Pair, context: KeyedReadOnlyBroadcastContext<string>) {
        this.getRuntimeContext().getState(last).update(value[1]);
        context.timerService().registerEventTimeTimer(value[1]);
      }
      processBroadcastElement(value: string, context: KeyedBroadcastContext<string>, out: Collector<string>) {
        context.applyToKeyedState(last, (key, state) => {
          out.collect(`${value} ${key}=${state.value()}`);
          if (key === 'a') state.clear();
        });
      }
      override onTimer(timestampMs: number, context: { getCurrentKey(): string }, out: Collector<string>) {
        out.collect(`timer ${context.getCurrentKey()} ${timestampMs}`);
      }
    }
    const stream = pairs().connect(streamOf<string>().broadcast(rules)).process(new Report());
    await using harness = await TwoInputOperatorHarness.open<Pair, string, string>({ operator: stream });
    harness.processElement1(['a', 1]);
    harness.processElement1(['b', 2]);
    harness.processElement2('first');
    harness.processElement2('second');
    harness.processBothWatermarks(5);
    expect(harness.takeValues()).toEqual(['first a=1', 'first b=2', 'second b=2', 'timer a 1', 'timer b 2']);
  });
});
