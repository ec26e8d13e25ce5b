import { setImmediate as turn } from 'node:timers/promises';
import {
  AsyncDataStream,
  type Collector,
  type DataStream,
  type KeyedProcessContext,
  KeyedProcessFunction,
  ListStateDescriptor,
  type OnTimerContext,
  OutputTag,
  TimeDomain,
} from '@yeoul/engine';
import type { Event, GoldenJob } from '../support/golden-job.ts';

/** Answers out of order: each after a number of turns that its value decides. */
async function lookUp({ value }: Event): Promise<number> {
  for (let turns = value % 7; turns > 0; turns--) await turn();
  return value * 2;
}

const doubled = (events: readonly Event[]) => events.map(({ value }) => value * 2);

export const asyncOrdered: GoldenJob = {
  name: 'async I/O, ordered',
  build(env, io) {
    AsyncDataStream.orderedWait(io.events(env), lookUp, 10_000, 5).addSink(io.sink());
  },
  expected: doubled,
};

export const asyncUnordered: GoldenJob = {
  name: 'async I/O, unordered',
  build(env, io) {
    AsyncDataStream.unorderedWait(io.events(env), lookUp, 10_000, 5).rebalance().addSink(io.sink());
  },
  expected: doubled,
};

const oddTag = new OutputTag<number>('odd');

/** One stream in two, each with a sink of its own. */
export const sideOutput: GoldenJob = {
  name: 'side outputs and several sinks',
  build(env, io) {
    const even = io.events(env).process((event, context, out: Collector<readonly ['even', number]>) => {
      if (event.value % 2 === 0) out.collect(['even', event.value]);
      else context.output(oddTag, event.value);
    });
    even.addSink(io.sink());
    even
      .getSideOutput(oddTag)
      .map((value) => ['odd', value])
      .rebalance()
      .addSink(io.sink());
  },
  expected: (events) => events.map(({ value }) => [value % 2 === 0 ? 'even' : 'odd', value]),
};

const heldDescriptor = new ListStateDescriptor<number>('held');
const END_MS = 1_000_000;

/** Holds events for a moment of processing time; what is left comes out at the end of event time. */
class Hold extends KeyedProcessFunction<string, Event, number> {
  processElement(event: Event, context: KeyedProcessContext<string>): void {
    this.getRuntimeContext().getListState(heldDescriptor).add(event.value);
    const timers = context.timerService();
    timers.registerProcessingTimeTimer(timers.currentProcessingTime() + 3);
    timers.registerEventTimeTimer(END_MS);
  }

  override onTimer(_timestampMs: number, context: OnTimerContext<string>, out: Collector<number>): void {
    const held = this.getRuntimeContext().getListState(heldDescriptor);
    for (const value of held.get()) out.collect(value);
    held.clear();
    if (context.timeDomain() === TimeDomain.EventTime) return;
  }
}

export const processTimers: GoldenJob = {
  name: 'processing-time timers',
  build(env, io) {
    io.events(env).keyBy('key').process(new Hold()).addSink(io.sink());
  },
  expected: (events) => events.map(({ value }) => value),
};

/** Every partitioner once; the broadcast one goes to two subtasks. */
export const partitioners: GoldenJob = {
  name: 'union and partitioners',
  build(env, io) {
    const next = (stream: DataStream<number>) => stream.map((value) => value + 1);
    const all = io
      .events(env)
      .map(({ value }) => value)
      .union(io.events(env, 1).map(({ value }) => value));
    const steps = [next(all.rebalance()).shuffle(), (s: DataStream<number>) => s.rescale()] as const;
    const custom = next(steps[1](next(steps[0]))).partitionCustom(
      (key: number, count: number) => key % count,
      (v: number) => v,
    );
    const copies = next(custom)
      .broadcast()
      .map((value) => value)
      .setParallelism(2);
    copies.global().addSink(io.sink()).setParallelism(1);
  },
  expected: (events) => events.flatMap(({ value }) => [value + 4, value + 4, value + 100_004, value + 100_004]),
};
