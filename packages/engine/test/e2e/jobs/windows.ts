import {
  type Collector,
  EventTimeSessionWindows,
  type KeyedStream,
  SlidingEventTimeWindows,
  type TimeWindow,
  TumblingEventTimeWindows,
  type WindowAssigner,
  type WindowContext,
} from '@yeoul/engine';
import type { Event, GoldenJob } from '../support/golden-job.ts';

const SUM = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add: ({ value }: Event, { sum, count }: { sum: number; count: number }) => ({ sum: sum + value, count: count + 1 }),
  getResult: (accumulator: { sum: number; count: number }) => accumulator,
  merge: (a: { sum: number; count: number }, b: { sum: number; count: number }) => ({
    sum: a.sum + b.sum,
    count: a.count + b.count,
  }),
};

type Result = readonly [key: string, startMs: number, endMs: number, sum: number, count: number];

function windowJob(
  name: string,
  assigner: () => WindowAssigner<Event, TimeWindow>,
  windowsOf: (events: readonly Event[]) => readonly { startMs: number; endMs: number; events: readonly Event[] }[],
): GoldenJob {
  return {
    name,
    build(env, io) {
      const keyed: KeyedStream<Event, string> = io.events(env).keyBy((event) => event.key);
      keyed
        .window(assigner())
        .aggregate(SUM, (key: string, { window }: WindowContext<TimeWindow>, results, out: Collector<Result>) => {
          for (const { sum, count } of results) out.collect([key, window.start, window.end, sum, count]);
        })
        .addSink(io.sink());
    },
    expected(events) {
      const byKey = groupByKey(events);
      return [...byKey].flatMap(([key, own]) =>
        windowsOf(own).map((w): Result => [key, w.startMs, w.endMs, sumOf(w.events), w.events.length]),
      );
    },
  };
}

function groupByKey(events: readonly Event[]): Map<string, Event[]> {
  const groups = new Map<string, Event[]>();
  for (const event of events) groups.set(event.key, [...(groups.get(event.key) ?? []), event]);
  return groups;
}

function sumOf(events: readonly Event[]): number {
  return events.reduce((sum, { value }) => sum + value, 0);
}

function slices(events: readonly Event[], sizeMs: number, slideMs: number) {
  const windows = new Map<number, Event[]>();
  for (const event of events) {
    const last = Math.floor(event.timeMs / slideMs) * slideMs;
    for (let start = last; start > event.timeMs - sizeMs; start -= slideMs) {
      windows.set(start, [...(windows.get(start) ?? []), event]);
    }
  }
  return [...windows].map(([startMs, own]) => ({ startMs, endMs: startMs + sizeMs, events: own }));
}

function sessions(events: readonly Event[], gapMs: number) {
  const found: { startMs: number; endMs: number; events: Event[] }[] = [];
  for (const event of [...events].sort((a, b) => a.timeMs - b.timeMs)) {
    const last = found.at(-1);
    if (last && event.timeMs <= last.endMs) {
      last.events.push(event);
      last.endMs = event.timeMs + gapMs;
    } else found.push({ startMs: event.timeMs, endMs: event.timeMs + gapMs, events: [event] });
  }
  return found;
}

export const tumbling = windowJob(
  'tumbling windows',
  () => TumblingEventTimeWindows.of(700),
  (events) => slices(events, 700, 700),
);

export const sliding = windowJob(
  'sliding windows',
  () => SlidingEventTimeWindows.of(1000, 250),
  (events) => slices(events, 1000, 250),
);

export const session = windowJob(
  'session windows',
  () => EventTimeSessionWindows.withGap(240),
  (events) => sessions(events, 240),
);
