import {
  type BroadcastOnTimerContext,
  type Collector,
  type KeyedBroadcastContext,
  KeyedBroadcastProcessFunction,
  KeyedCoProcessFunction,
  type KeyedProcessContext,
  type KeyedReadOnlyBroadcastContext,
  MapStateDescriptor,
  type OnTimerContext,
  Types,
  ValueStateDescriptor,
} from '@yeoul/engine';
import { allEvents, type Event, type GoldenJob } from '../support/golden-job.ts';

/** Behind every event. */
const END_MS = 1_000_000;

/** Pairs of one key at most 150 ms apart. */
export const intervalJoin: GoldenJob = {
  name: 'interval join',
  build(env, io) {
    io.events(env)
      .keyBy('key')
      .intervalJoin(io.events(env, 1).keyBy('key'))
      .between(-150, 150)
      .process((left, right, _context, out: Collector<readonly [number, number]>) =>
        out.collect([left.value, right.value]),
      )
      .addSink(io.sink());
  },
  expected(lefts) {
    const near = (a: Event, b: Event) => a.key === b.key && Math.abs(a.timeMs - b.timeMs) <= 150;
    return lefts.flatMap((a) => allEvents(1).flatMap((b) => (near(a, b) ? [[a.value, b.value]] : [])));
  },
};

type Totals = readonly [key: string, firsts: number, seconds: number];
const totalsDescriptor = new ValueStateDescriptor<[number, number]>('totals');

class CountBoth extends KeyedCoProcessFunction<string, Event, Event, Totals> {
  processElement1(_event: Event, context: KeyedProcessContext<string>): void {
    this.#add(context, 1, 0);
  }

  processElement2(_event: Event, context: KeyedProcessContext<string>): void {
    this.#add(context, 0, 1);
  }

  override onTimer(_timestampMs: number, context: OnTimerContext<string>, out: Collector<Totals>): void {
    const [firsts, seconds] = this.getRuntimeContext().getState(totalsDescriptor).value() ?? [0, 0];
    out.collect([context.getCurrentKey(), firsts, seconds]);
  }

  #add(context: KeyedProcessContext<string>, first: number, second: number): void {
    const state = this.getRuntimeContext().getState(totalsDescriptor);
    const [firsts, seconds] = state.value() ?? [0, 0];
    state.update([firsts + first, seconds + second]);
    context.timerService().registerEventTimeTimer(END_MS);
  }
}

function countByKey(events: readonly Event[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of events) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Two inputs into one state per key. */
export const connect: GoldenJob = {
  name: 'connected streams',
  build(env, io) {
    const second = io.events(env, 2).keyBy('key');
    io.events(env).keyBy('key').connect(second).process(new CountBoth()).addSink(io.sink());
  },
  expected(events) {
    const seconds = countByKey(allEvents(2));
    return [...countByKey(events)].map(([key, count]) => [key, count, seconds.get(key) ?? 0]);
  },
};

type Ruled = readonly [key: string, events: number, rules: number];
const rulesDescriptor = new MapStateDescriptor<number, boolean>('rules', Types.long, Types.boolean);
const eventsDescriptor = new ValueStateDescriptor<number>('events', Types.long);

class CountRules extends KeyedBroadcastProcessFunction<string, Event, Event, Ruled> {
  processElement(_event: Event, context: KeyedReadOnlyBroadcastContext<string>): void {
    const state = this.getRuntimeContext().getState(eventsDescriptor);
    state.update((state.value() ?? 0) + 1);
    context.timerService().registerEventTimeTimer(END_MS);
  }

  processBroadcastElement(rule: Event, context: KeyedBroadcastContext<string>): void {
    context.getBroadcastState(rulesDescriptor).put(rule.value, true);
  }

  override onTimer(_timestampMs: number, context: BroadcastOnTimerContext<string>, out: Collector<Ruled>): void {
    const rules = [...context.getBroadcastState(rulesDescriptor).entries()].length;
    out.collect([context.getCurrentKey(), this.getRuntimeContext().getState(eventsDescriptor).value() ?? 0, rules]);
  }
}

/** Every key sees all rules, wherever it is. */
export const broadcastState: GoldenJob = {
  name: 'broadcast state',
  build(env, io) {
    const rules = io.events(env, 3).broadcast(rulesDescriptor);
    io.events(env).keyBy('key').connect(rules).process(new CountRules()).addSink(io.sink());
  },
  expected(events) {
    return [...countByKey(events)].map(([key, count]) => [key, count, allEvents(3).length]);
  },
};
