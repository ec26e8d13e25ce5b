// Random programs whose results do not hang on schedules, and what each of their streams must hold: bags of records, computed by plain code.
//   RP1. Every operator is a function of the bags of its inputs: sums at the end of time, windows in event time, joins. None depends on order.
//   RP2. Sources tell a watermark per split, and splits are in order of time: nothing is ever late, at any parallelism, after any restore.
//   RP3. A record says its own event time; the engine's must be the same wherever a stream is looked at.
import {
  AsyncDataStream,
  Boundedness,
  type Collector,
  type DataStream,
  EventTimeSessionWindows,
  KeyedBroadcastProcessFunction,
  KeyedCoProcessFunction,
  KeyedProcessFunction,
  MapStateDescriptor,
  OutputTag,
  ProcessFunction,
  type ReaderOutput,
  type SingleOutputStreamOperator,
  SlidingEventTimeWindows,
  type Source,
  type SourceReader,
  type StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  ValueStateDescriptor,
  WatermarkStrategy,
} from '@yeoul/engine';
import type { SeededRandom } from '@yeoul/testing';

export interface Rec {
  readonly k: number;
  readonly v: number;
  /** Event time, ms. */
  readonly t: number;
}

/** When all timers are due. */
const END_MS = 1e12;
/** Larger streams are not built on. */
const MOST_RECORDS = 1_500;

export interface World {
  readonly env: StreamExecutionEnvironment;
  /** Called for a record now and then; may throw. */
  readonly step: () => void;
  readonly random: SeededRandom;
}

export interface RandomProgram {
  readonly description: string;
  /** Of every stream: what it holds in the end. */
  readonly expected: readonly (readonly Rec[])[];
  build(world: World): readonly DataStream<Rec>[];
}

interface Operator {
  readonly name: string;
  readonly inputs: readonly number[];
  readonly results: readonly (readonly Rec[])[];
  build(inputs: readonly DataStream<Rec>[], world: World, uid: string): readonly DataStream<Rec>[];
}

type OperatorMaker = (random: SeededRandom, bags: readonly (readonly Rec[])[]) => Operator;

// ---- sources ---------------------------------------------------------------------------------------------------------

interface Position {
  readonly split: number;
  readonly next: number;
}

class PacedSource implements Source<Rec, Position> {
  readonly boundedness = Boundedness.Bounded;
  readonly #splits: readonly (readonly Rec[])[];
  readonly #pauses: boolean;

  /** @param pauses readers leave splits alone that are ahead of their watermark group */
  constructor(splits: readonly (readonly Rec[])[], pauses: boolean) {
    this.#splits = splits;
    this.#pauses = pauses;
  }

  enumerateSplits(): Position[] {
    return this.#splits.map((_, split) => ({ split, next: 0 }));
  }

  splitId({ split }: Position): string {
    return String(split);
  }

  createReader(): SourceReader<Rec, Position> {
    return this.#pauses ? new PausingReader(this.#splits) : new PacedReader(this.#splits);
  }
}

/** A few records of each of its splits, then a pause: checkpoints fall in between. */
class PacedReader implements SourceReader<Rec, Position> {
  /** Splits that are not to be read now. */
  protected readonly paused = new Set<string>();
  readonly #splits: readonly (readonly Rec[])[];
  #positions: Position[] = [];
  #turn = 0;

  constructor(splits: readonly (readonly Rec[])[]) {
    this.#splits = splits;
  }

  pollNext(output: ReaderOutput<Rec>): 'more' | 'wait' | 'end' {
    for (const { split } of this.#positions) output.createOutputForSplit(String(split));
    this.#turn += 1;
    this.#positions = this.#positions.flatMap((position) => this.#read(position, output));
    if (this.#positions.length === 0) return 'end';
    return this.#turn % 3 === 0 ? 'wait' : 'more';
  }

  isAvailable(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 1));
  }

  snapshotState(): Position[] {
    return [...this.#positions];
  }

  addSplits(splits: readonly Position[]): void {
    this.#positions.push(...splits);
  }

  #read({ split, next }: Position, output: ReaderOutput<Rec>): Position[] {
    if (this.paused.has(String(split))) return [{ split, next }];
    const record = this.#splits[split]?.[next];
    if (record !== undefined) {
      output.createOutputForSplit(String(split)).collectWithTimestamp(record, record.t);
      return [{ split, next: next + 1 }];
    }
    output.releaseOutputForSplit(String(split));
    return [];
  }
}

class PausingReader extends PacedReader {
  pauseOrResumeSplits(toPause: readonly string[], toResume: readonly string[]): void {
    for (const id of toPause) this.paused.add(id);
    for (const id of toResume) this.paused.delete(id);
  }
}

function source(random: SeededRandom, index: number): Operator {
  const splits = Array.from({ length: 1 + random.below(4) }, () => {
    let t = random.below(20);
    return Array.from({ length: random.below(40) }, () => {
      t += random.below(6);
      return { k: random.below(5), v: random.below(50), t };
    });
  });
  const isAligned = random.below(2) === 0;
  const pauses = random.below(2) === 0;
  const driftMs = random.below(30);
  const ascending = WatermarkStrategy.forMonotonousTimestamps<Rec>();
  const strategy = isAligned ? ascending.withWatermarkAlignment('all', driftMs, 1 + random.below(10)) : ascending;
  const alignment = isAligned ? ` aligned within ${driftMs}${pauses ? ' by split' : ''}` : '';
  return {
    name: `source of ${splits.map((s) => s.length)}${alignment}`,
    inputs: [],
    results: [splits.flat()],
    build: (_, { env }, uid) => [env.fromSource(new PacedSource(splits, pauses), strategy, `source ${index}`).uid(uid)],
  };
}

// ---- operators -------------------------------------------------------------------------------------------------------

function pick(random: SeededRandom, bags: readonly (readonly Rec[])[]): number {
  return random.below(bags.length);
}

/** @param compute of the bags of the inputs; @param build of their streams */
function operator(
  name: string,
  inputs: readonly number[],
  bags: readonly (readonly Rec[])[],
  compute: (...bags: (readonly Rec[])[]) => readonly (readonly Rec[])[],
  build: Operator['build'],
): Operator {
  return {
    name: `${name}(${inputs})`,
    inputs,
    results: compute(...inputs.map((i) => bags[i] as readonly Rec[])),
    build,
  };
}

const sumOf = (records: readonly Rec[]): number => records.reduce((sum, { v }) => sum + v, 0);
const byKey = (records: readonly Rec[]): Map<number, Rec[]> => groupBy(records, ({ k }) => k);

function groupBy<K>(records: readonly Rec[], key: (record: Rec) => K): Map<K, Rec[]> {
  const groups = new Map<K, Rec[]>();
  for (const record of records) groups.set(key(record), [...(groups.get(key(record)) ?? []), record]);
  return groups;
}

const stateless: OperatorMaker = (random, bags) => {
  const factor = 1 + random.below(3);
  const change = (r: Rec): Rec => ({ ...r, k: (r.k * factor) % 7, v: (r.v * 3 + 1) % 97 });
  return operator(
    'map',
    [pick(random, bags)],
    bags,
    (bag) => [bag.map(change)],
    ([input], { step }, uid) => [
      (input as DataStream<Rec>)
        .map((record) => {
          step();
          return change(record);
        })
        .uid(uid),
    ],
  );
};

const filter: OperatorMaker = (random, bags) => {
  const modulus = 2 + random.below(3);
  const isKept = (r: Rec): boolean => r.v % modulus !== 0;
  return operator(
    'filter',
    [pick(random, bags)],
    bags,
    (bag) => [bag.filter(isKept)],
    ([input], _, uid) => [(input as DataStream<Rec>).filter(isKept).uid(uid)],
  );
};

const twice: OperatorMaker = (random, bags) => {
  const both = (r: Rec): Rec[] => [r, { ...r, v: r.v + 1 }];
  return operator(
    'flatMap',
    [pick(random, bags)],
    bags,
    (bag) => [bag.flatMap(both)],
    ([input], _, uid) => [(input as DataStream<Rec>).flatMap(both).uid(uid)],
  );
};

const union: OperatorMaker = (random, bags) =>
  operator(
    'union',
    [pick(random, bags), pick(random, bags)],
    bags,
    (a, b) => [[...a, ...b]],
    ([a, b], _, uid) => [
      (a as DataStream<Rec>)
        .union(b as DataStream<Rec>)
        .map((record) => record)
        .uid(uid),
    ],
  );

const partition: OperatorMaker = (random, bags) => {
  const how = (['rebalance', 'shuffle', 'rescale', 'global'] as const)[random.below(4)] as 'rebalance';
  return operator(
    how,
    [pick(random, bags)],
    bags,
    (bag) => [bag],
    ([input], _, uid) => [
      (input as DataStream<Rec>)
        [how]()
        .map((record) => record)
        .uid(uid),
    ],
  );
};

const split: OperatorMaker = (random, bags) => {
  const tag = new OutputTag<Rec>('odd');
  const isOdd = (r: Rec): boolean => r.v % 2 === 1;
  return operator(
    'split',
    [pick(random, bags)],
    bags,
    (bag) => [bag.filter((r) => !isOdd(r)), bag.filter(isOdd)],
    ([input], _, uid) => {
      const main = (input as DataStream<Rec>)
        .process<Rec>((record, context, out) => {
          if (isOdd(record)) context.output(tag, record);
          else out.collect(record);
        })
        .uid(uid);
      return [main, main.getSideOutput(tag)];
    },
  );
};

const sumState = new ValueStateDescriptor<number>('sum');

class SumAtEnd extends KeyedProcessFunction<number, Rec, Rec> {
  processElement(record: Rec, context: Parameters<KeyedProcessFunction<number, Rec, Rec>['processElement']>[1]): void {
    const sum = this.getRuntimeContext().getState(sumState);
    sum.update((sum.value() ?? 0) + record.v);
    context.timerService().registerEventTimeTimer(END_MS);
  }

  override onTimer(timeMs: number, context: { getCurrentKey(): number }, out: Collector<Rec>): void {
    const v = this.getRuntimeContext().getState(sumState).value() ?? 0;
    out.collect({ k: context.getCurrentKey(), v, t: timeMs });
  }
}

const totals: OperatorMaker = (random, bags) =>
  operator(
    'totals',
    [pick(random, bags)],
    bags,
    (bag) => [[...byKey(bag)].map(([k, group]) => ({ k, v: sumOf(group), t: END_MS }))],
    ([input], _, uid) => [(input as DataStream<Rec>).keyBy('k').process<Rec>(new SumAtEnd()).uid(uid)],
  );

class SumsOfTwo extends KeyedCoProcessFunction<number, Rec, Rec, Rec> {
  readonly #left = new ValueStateDescriptor<number>('left');
  readonly #right = new ValueStateDescriptor<number>('right');

  processElement1(record: Rec, context: { timerService(): { registerEventTimeTimer(timeMs: number): void } }): void {
    this.#add(this.#left, record.v);
    context.timerService().registerEventTimeTimer(END_MS);
  }

  processElement2(record: Rec, context: { timerService(): { registerEventTimeTimer(timeMs: number): void } }): void {
    this.#add(this.#right, record.v);
    context.timerService().registerEventTimeTimer(END_MS);
  }

  override onTimer(timeMs: number, context: { getCurrentKey(): number }, out: Collector<Rec>): void {
    const v = this.#get(this.#left) * 31 + this.#get(this.#right);
    out.collect({ k: context.getCurrentKey(), v, t: timeMs });
  }

  #get(descriptor: ValueStateDescriptor<number>): number {
    return this.getRuntimeContext().getState(descriptor).value() ?? 0;
  }

  #add(descriptor: ValueStateDescriptor<number>, value: number): void {
    this.getRuntimeContext()
      .getState(descriptor)
      .update(this.#get(descriptor) + value);
  }
}

const sumsOfTwo: OperatorMaker = (random, bags) =>
  operator(
    'sumsOfTwo',
    [pick(random, bags), pick(random, bags)],
    bags,
    (a, b) => {
      const sums = (k: number): number => sumOf(a.filter((r) => r.k === k)) * 31 + sumOf(b.filter((r) => r.k === k));
      return [[...byKey([...a, ...b]).keys()].map((k) => ({ k, v: sums(k), t: END_MS }))];
    },
    ([a, b], _, uid) => [
      (a as DataStream<Rec>)
        .connect(b as DataStream<Rec>)
        .keyBy('k', 'k')
        .process<Rec>(new SumsOfTwo())
        .uid(uid),
    ],
  );

const coMap: OperatorMaker = (random, bags) =>
  operator(
    'coMap',
    [pick(random, bags), pick(random, bags)],
    bags,
    (a, b) => [[...a, ...b.map((r) => ({ ...r, v: -r.v }))]],
    ([a, b], _, uid) => [
      (a as DataStream<Rec>)
        .connect(b as DataStream<Rec>)
        .map<Rec>(
          (r) => r,
          (r) => ({ ...r, v: -r.v }),
        )
        .uid(uid),
    ],
  );

const rules = new MapStateDescriptor<number, boolean>('rules');

class SumWithRules extends KeyedBroadcastProcessFunction<number, Rec, Rec, Rec> {
  processElement(record: Rec, context: { timerService(): { registerEventTimeTimer(timeMs: number): void } }): void {
    const sum = this.getRuntimeContext().getState(sumState);
    sum.update((sum.value() ?? 0) + record.v);
    context.timerService().registerEventTimeTimer(END_MS);
  }

  processBroadcastElement(
    record: Rec,
    context: Parameters<KeyedBroadcastProcessFunction<number, Rec, Rec, Rec>['processBroadcastElement']>[1],
  ): void {
    context.getBroadcastState(rules).put(record.v, true);
  }

  override onTimer(
    timeMs: number,
    context: Parameters<KeyedBroadcastProcessFunction<number, Rec, Rec, Rec>['onTimer']>[1],
    out: Collector<Rec>,
  ): void {
    const count = [...context.getBroadcastState(rules).entries()].length;
    const sum = this.getRuntimeContext().getState(sumState).value() ?? 0;
    out.collect({ k: context.getCurrentKey(), v: sum + 1000 * count, t: timeMs });
  }
}

const broadcast: OperatorMaker = (random, bags) =>
  operator(
    'broadcast',
    [pick(random, bags), pick(random, bags)],
    bags,
    (a, b) => {
      const count = new Set(b.map(({ v }) => v)).size;
      return [[...byKey(a)].map(([k, group]) => ({ k, v: sumOf(group) + 1000 * count, t: END_MS }))];
    },
    ([a, b], _, uid) => [
      (a as DataStream<Rec>)
        .keyBy('k')
        .connect((b as DataStream<Rec>).broadcast(rules))
        .process<Rec>(new SumWithRules())
        .uid(uid),
    ],
  );

const async: OperatorMaker = (random, bags) => {
  const wait = random.below(2) === 0 ? AsyncDataStream.orderedWait : AsyncDataStream.unorderedWait;
  const capacity = 1 + random.below(6);
  const answer = (r: Rec): Rec => ({ ...r, v: r.v + 5 });
  return operator(
    `async ${capacity}`,
    [pick(random, bags)],
    bags,
    (bag) => [bag.map(answer)],
    ([input], world, uid) => [
      wait(
        input as DataStream<Rec>,
        async (record: Rec) => {
          const delayMs = world.random.below(4);
          if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
          return answer(record);
        },
        60_000,
        capacity,
      ).uid(uid),
    ],
  );
};

// ---- windows and joins -----------------------------------------------------------------------------------------------

interface Windowing {
  readonly name: string;
  readonly assigner: () => TumblingEventTimeWindows;
  /** Windows of the records of one key: [end, records]. */
  readonly windowsOf: (records: readonly Rec[]) => readonly (readonly [endMs: number, records: readonly Rec[]])[];
}

function sliding(sizeMs: number, slideMs: number): Windowing['windowsOf'] {
  return (records) => {
    const windows = new Map<number, Rec[]>();
    for (const record of records) {
      const lastStart = Math.floor(record.t / slideMs) * slideMs;
      for (let start = lastStart; start > record.t - sizeMs; start -= slideMs) {
        windows.set(start + sizeMs, [...(windows.get(start + sizeMs) ?? []), record]);
      }
    }
    return [...windows];
  };
}

function sessions(gapMs: number): Windowing['windowsOf'] {
  return (records) => {
    const found: { endMs: number; records: Rec[] }[] = [];
    for (const record of [...records].sort((a, b) => a.t - b.t)) {
      const last = found.at(-1);
      // Sessions that only touch are one.
      if (last !== undefined && record.t <= last.endMs) {
        last.records.push(record);
        last.endMs = record.t + gapMs;
      } else found.push({ endMs: record.t + gapMs, records: [record] });
    }
    return found.map((session) => [session.endMs, session.records] as const);
  };
}

/** Whether a record begins just where a session ends: with lateness it is chance whether the two are one. */
function hasTouching(records: readonly Rec[], gapMs: number): boolean {
  return [...byKey(records).values()].some((group) => {
    const times = group.map(({ t }) => t).sort((a, b) => a - b);
    return times.some((t, i) => i > 0 && t - (times[i - 1] as number) === gapMs);
  });
}

function windowing(random: SeededRandom, records: readonly Rec[]): Windowing {
  const sizeMs = 5 + random.below(20);
  const kind = random.below(3);
  if (kind === 0) {
    return {
      name: `tumbling ${sizeMs}`,
      assigner: () => TumblingEventTimeWindows.of(sizeMs),
      windowsOf: sliding(sizeMs, sizeMs),
    };
  }
  if (kind === 1) {
    const slideMs = 1 + random.below(sizeMs);
    return {
      name: `sliding ${sizeMs}/${slideMs}`,
      assigner: () => SlidingEventTimeWindows.of(sizeMs, slideMs) as never,
      windowsOf: sliding(sizeMs, slideMs),
    };
  }
  let gapMs = sizeMs;
  while (hasTouching(records, gapMs)) gapMs += 1;
  return {
    name: `session ${gapMs}`,
    assigner: () => EventTimeSessionWindows.withGap(gapMs) as never,
    windowsOf: sessions(gapMs),
  };
}

type WindowForm = 'apply' | 'aggregate' | 'reduce';

const window: OperatorMaker = (random, bags) => {
  const input = pick(random, bags);
  const { name, assigner, windowsOf } = windowing(random, bags[input] as readonly Rec[]);
  const form = (['apply', 'aggregate', 'reduce'] as const)[random.below(3)] as WindowForm;
  const latenessMs = random.below(3) * 10;
  const late = new OutputTag<Rec>('late');
  return operator(
    `${name} ${form} lateness ${latenessMs}`,
    [input],
    bags,
    // RP2: the late ones are none.
    (bag) => [
      [...byKey(bag)].flatMap(([k, records]) =>
        windowsOf(records).map(([endMs, inWindow]) => ({ k, v: sumOf(inWindow), t: endMs - 1 })),
      ),
      [],
    ],
    ([stream], _, uid) => {
      const windowed = (stream as DataStream<Rec>)
        .keyBy('k')
        .window(assigner())
        .allowedLateness(latenessMs)
        .sideOutputLateData(late);
      const emit = (k: number, end: number, v: number, out: Collector<Rec>): void => out.collect({ k, v, t: end - 1 });
      let result: SingleOutputStreamOperator<Rec>;
      if (form === 'apply') {
        result = windowed.apply<Rec>((k, w, records, out) => emit(k, w.end, sumOf(records), out));
      } else if (form === 'aggregate') {
        const sum = {
          createAccumulator: () => 0,
          add: (record: Rec, total: number) => total + record.v,
          getResult: (total: number) => total,
          merge: (a: number, b: number) => a + b,
        };
        result = windowed.aggregate<number, number, Rec>(sum, (k, c, [total], out) =>
          emit(k, c.window.end, total ?? 0, out),
        );
      } else {
        result = windowed.reduce<Rec>(
          (a, b) => ({ k: a.k, t: a.t, v: a.v + b.v }),
          (k, c, [total], out) => emit(k, c.window.end, total?.v ?? 0, out),
        );
      }
      result.uid(uid);
      return [result, result.getSideOutput(late)];
    },
  );
};

const intervalJoin: OperatorMaker = (random, bags) => {
  const lower = -random.below(8);
  const upper = random.below(8);
  return operator(
    `intervalJoin ${lower}..${upper}`,
    [pick(random, bags), pick(random, bags)],
    bags,
    (a, b) => [
      a.flatMap((l) =>
        b
          .filter((r) => r.k === l.k && r.t >= l.t + lower && r.t <= l.t + upper)
          .map((r) => ({ k: l.k, v: l.v * 7 + r.v, t: Math.max(l.t, r.t) })),
      ),
    ],
    ([a, b], _, uid) => [
      (a as DataStream<Rec>)
        .keyBy('k')
        .intervalJoin((b as DataStream<Rec>).keyBy('k'))
        .between(lower, upper)
        .process<Rec>((l, r, _context, out) => out.collect({ k: l.k, v: l.v * 7 + r.v, t: Math.max(l.t, r.t) }))
        .uid(uid),
    ],
  );
};

const windowJoin: OperatorMaker = (random, bags) => {
  const sizeMs = 5 + random.below(20);
  const windowsOf = sliding(sizeMs, sizeMs);
  const isCoGroup = random.below(2) === 0;
  return operator(
    isCoGroup ? `coGroup ${sizeMs}` : `join ${sizeMs}`,
    [pick(random, bags), pick(random, bags)],
    bags,
    (a, b) => {
      const sides = [...byKey([...a, ...b]).keys()].flatMap((k) => {
        const inA = new Map(windowsOf(a.filter((r) => r.k === k)));
        const inB = new Map(windowsOf(b.filter((r) => r.k === k)));
        const ends = [...new Set([...inA.keys(), ...inB.keys()])];
        return ends.map((endMs) => ({ k, t: endMs - 1, one: inA.get(endMs) ?? [], two: inB.get(endMs) ?? [] }));
      });
      if (isCoGroup) return [sides.map(({ k, t, one, two }) => ({ k, t, v: sumOf(one) * 31 + sumOf(two) }))];
      return [sides.flatMap(({ k, t, one, two }) => one.flatMap((l) => two.map((r) => ({ k, t, v: l.v * 7 + r.v }))))];
    },
    ([a, b], _, uid) => {
      const one = a as DataStream<Rec>;
      const two = b as DataStream<Rec>;
      const assigner = () => TumblingEventTimeWindows.of(sizeMs) as never;
      const t = (record: Rec): number => (Math.floor(record.t / sizeMs) + 1) * sizeMs - 1;
      if (isCoGroup) {
        const grouped = one.coGroup(two).where('k').equalTo('k').window(assigner());
        return [
          grouped
            .apply<Rec>((l, r, out) => {
              const any = (l[0] ?? r[0]) as Rec;
              out.collect({ k: any.k, v: sumOf([...l]) * 31 + sumOf([...r]), t: t(any) });
            })
            .uid(uid),
        ];
      }
      const joined = one.join(two).where('k').equalTo('k').window(assigner());
      return [joined.apply<Rec>((l: Rec, r: Rec): Rec => ({ k: l.k, v: l.v * 7 + r.v, t: t(l) })).uid(uid)];
    },
  );
};

const windowAll: OperatorMaker = (random, bags) => {
  const sizeMs = 5 + random.below(30);
  return operator(
    `windowAll ${sizeMs}`,
    [pick(random, bags)],
    bags,
    (bag) => [sliding(sizeMs, sizeMs)(bag).map(([endMs, records]) => ({ k: 0, v: sumOf(records), t: endMs - 1 }))],
    ([input], _, uid) => [
      (input as DataStream<Rec>)
        .windowAll(TumblingEventTimeWindows.of(sizeMs))
        .apply<Rec>((w, records, out) => out.collect({ k: 0, v: sumOf(records), t: w.end - 1 }))
        .uid(uid),
    ],
  );
};

// ---- what hangs on order, made into what does not --------------------------------------------------------------------

interface KeyedResult {
  readonly k: number;
  /** Results with the same id replace each other: the last counts. */
  readonly id: number;
  readonly v: number;
}

const lastState = new MapStateDescriptor<number, number>('last');
const countState = new ValueStateDescriptor<number>('count');

/** At the end of time: the sum of the last results by id, and a thousand for each that came. */
class LastOfEach extends KeyedProcessFunction<number, KeyedResult, Rec> {
  readonly #counts: boolean;

  constructor(counts: boolean) {
    super();
    this.#counts = counts;
  }

  processElement(
    { id, v }: KeyedResult,
    context: Parameters<KeyedProcessFunction<number, KeyedResult, Rec>['processElement']>[1],
  ): void {
    this.getRuntimeContext().getMapState(lastState).put(id, v);
    const count = this.getRuntimeContext().getState(countState);
    count.update((count.value() ?? 0) + 1);
    context.timerService().registerEventTimeTimer(END_MS);
  }

  override onTimer(timeMs: number, context: { getCurrentKey(): number }, out: Collector<Rec>): void {
    const last = [...this.getRuntimeContext().getMapState(lastState).values()];
    const count = this.#counts ? (this.getRuntimeContext().getState(countState).value() ?? 0) : 0;
    out.collect({ k: context.getCurrentKey(), v: last.reduce((a, b) => a + b, 0) + 1000 * count, t: timeMs });
  }
}

const rolling: OperatorMaker = (random, bags) =>
  operator(
    'rolling',
    [pick(random, bags)],
    bags,
    (bag) => [[...byKey(bag)].map(([k, group]) => ({ k, v: sumOf(group) + 1000 * group.length, t: END_MS }))],
    ([input], _, uid) => [
      (input as DataStream<Rec>)
        .keyBy('k')
        .reduce((a, b) => ({ ...b, v: a.v + b.v }))
        .uid(`${uid} reduce`)
        .map(({ k, v }) => ({ k, id: 0, v }))
        .uid(`${uid} map`)
        .keyBy('k')
        .process<Rec>(new LastOfEach(true))
        .uid(uid),
    ],
  );

const countWindows: OperatorMaker = (random, bags) => {
  const size = 2 + random.below(4);
  return operator(
    `countWindow ${size}`,
    [pick(random, bags)],
    bags,
    (bag) => [
      [...byKey(bag)].flatMap(([k, { length }]) => {
        const full = Math.floor(length / size);
        return full === 0 ? [] : [{ k, v: size + 1000 * full, t: END_MS }];
      }),
    ],
    ([input], _, uid) => [
      (input as DataStream<Rec>)
        .keyBy('k')
        .countWindow(size)
        .apply<KeyedResult>((k, _window, records, out) => out.collect({ k, id: 0, v: records.length }))
        .uid(`${uid} windows`)
        .keyBy('k')
        .process<Rec>(new LastOfEach(true))
        .uid(uid),
    ],
  );
};

/** Watermarks that run ahead of the records: many are late, for their window or for good, and which ones is chance. */
const lateWindows: OperatorMaker = (random, bags) => {
  const sizeMs = 5 + random.below(20);
  const latenessMs = random.below(30);
  const aheadMs = random.below(40);
  const late = new OutputTag<Rec>('too late');
  const eager = () => {
    let maxMs = Number.NEGATIVE_INFINITY;
    return {
      onEvent(_: Rec, timestampMs: number, output: { emitWatermark(timestampMs: number): void }) {
        maxMs = Math.max(maxMs, timestampMs);
        // What comes at the end of time is not late.
        output.emitWatermark(Math.min(maxMs + aheadMs, END_MS - 1));
      },
      onPeriodicEmit() {},
    };
  };
  return operator(
    `lateWindows ${sizeMs} lateness ${latenessMs} ahead ${aheadMs}`,
    [pick(random, bags)],
    bags,
    (bag) => [[...byKey(bag)].map(([k, group]) => ({ k, v: sumOf(group), t: END_MS }))],
    ([input], _, uid) => {
      const windows = (input as DataStream<Rec>)
        .assignTimestampsAndWatermarks(WatermarkStrategy.forGenerator(eager))
        .uid(`${uid} watermarks`)
        .keyBy('k')
        .window(TumblingEventTimeWindows.of(sizeMs))
        .allowedLateness(latenessMs)
        .sideOutputLateData(late)
        .apply<KeyedResult>((k, w, records, out) => out.collect({ k, id: w.end, v: sumOf(records) }))
        .uid(`${uid} windows`);
      const lateSums = windows
        .getSideOutput(late)
        .keyBy('k')
        .reduce((a, b) => ({ ...b, v: a.v + b.v }))
        .uid(`${uid} late`)
        .map(({ k, v }) => ({ k, id: -1, v }))
        .uid(`${uid} late map`);
      return [windows.union(lateSums).keyBy('k').process<Rec>(new LastOfEach(false)).uid(uid)];
    },
  );
};

const atState = new MapStateDescriptor<number, number>('at');

/** Sums of what is due at the same time. */
class Delayed extends KeyedProcessFunction<number, Rec, Rec> {
  readonly #delayMs: number;

  constructor(delayMs: number) {
    super();
    this.#delayMs = delayMs;
  }

  processElement(
    { v, t }: Rec,
    context: Parameters<KeyedProcessFunction<number, Rec, Rec>['processElement']>[1],
  ): void {
    const at = this.getRuntimeContext().getMapState(atState);
    at.put(t + this.#delayMs, (at.get(t + this.#delayMs) ?? 0) + v);
    context.timerService().registerEventTimeTimer(t + this.#delayMs);
  }

  override onTimer(timeMs: number, context: { getCurrentKey(): number }, out: Collector<Rec>): void {
    const at = this.getRuntimeContext().getMapState(atState);
    out.collect({ k: context.getCurrentKey(), v: at.get(timeMs) ?? Number.NaN, t: timeMs });
    at.remove(timeMs);
  }
}

const delayed: OperatorMaker = (random, bags) => {
  const delayMs = random.below(30);
  return operator(
    `delayed ${delayMs}`,
    [pick(random, bags)],
    bags,
    (bag) => [
      [...byKey(bag)].flatMap(([k, group]) =>
        [...groupBy(group, ({ t }) => t)].map(([t, records]) => ({ k, v: sumOf(records), t: t + delayMs })),
      ),
    ],
    ([input], _, uid) => [(input as DataStream<Rec>).keyBy('k').process<Rec>(new Delayed(delayMs)).uid(uid)],
  );
};

/** Gives its sum out now and then by processing time, and the rest at the end. */
class InParts extends KeyedProcessFunction<number, Rec, Rec> {
  processElement(record: Rec, context: Parameters<KeyedProcessFunction<number, Rec, Rec>['processElement']>[1]): void {
    const sum = this.getRuntimeContext().getState(sumState);
    sum.update((sum.value() ?? 0) + record.v);
    const timers = context.timerService();
    timers.registerProcessingTimeTimer(timers.currentProcessingTime() + 3);
    timers.registerEventTimeTimer(END_MS);
  }

  override onTimer(_timeMs: number, context: { getCurrentKey(): number }, out: Collector<Rec>): void {
    const sum = this.getRuntimeContext().getState(sumState);
    const v = sum.value();
    if (v === undefined) return; // A timer of processing time, behind the end of event time.
    out.collect({ k: context.getCurrentKey(), v, t: END_MS });
    sum.clear();
  }
}

const inParts: OperatorMaker = (random, bags) =>
  operator(
    'inParts',
    [pick(random, bags)],
    bags,
    (bag) => [[...byKey(bag)].map(([k, group]) => ({ k, v: sumOf(group), t: END_MS }))],
    ([input], _, uid) => [
      (input as DataStream<Rec>)
        .keyBy('k')
        .process<Rec>(new InParts())
        .uid(`${uid} parts`)
        .keyBy('k')
        .process<Rec>(new SumAtEnd())
        .uid(uid),
    ],
  );

const makers: readonly OperatorMaker[] = [
  stateless,
  stateless,
  filter,
  twice,
  union,
  partition,
  split,
  totals,
  sumsOfTwo,
  coMap,
  broadcast,
  async,
  window,
  window,
  intervalJoin,
  windowJoin,
  windowAll,
  rolling,
  countWindows,
  lateWindows,
  delayed,
  inParts,
];

// ---- programs --------------------------------------------------------------------------------------------------------

interface Tuning {
  readonly chaining: 'as it is' | 'none' | 'new';
  readonly parallelism: number | undefined;
}

export function randomProgram(random: SeededRandom): RandomProgram {
  const operators: Operator[] = [];
  const bags: (readonly Rec[])[] = [];
  const tunings: Tuning[] = [];
  const add = (made: Operator): void => {
    operators.push(made);
    bags.push(...made.results);
    tunings.push({
      chaining: (['as it is', 'as it is', 'none', 'new'] as const)[random.below(4)] as 'none',
      parallelism: random.below(3) === 0 && !made.name.startsWith('windowAll') ? 1 + random.below(3) : undefined,
    });
  };
  const sources = 1 + random.below(2);
  for (let i = 0; i < sources; i++) add(source(random, i));
  for (const wanted = 2 + random.below(6); operators.length < sources + wanted; ) {
    const made = (makers[random.below(makers.length)] as OperatorMaker)(random, bags);
    if (made.results.every((result) => result.length <= MOST_RECORDS)) add(made);
  }
  return {
    description: operators
      .map(({ name }, i) => `${name} ${tunings[i]?.chaining}, ${tunings[i]?.parallelism ?? 'default'}`)
      .join('\n'),
    expected: bags,
    build: (world) => build(operators, tunings, world),
  };
}

function build(operators: readonly Operator[], tunings: readonly Tuning[], world: World): readonly DataStream<Rec>[] {
  const streams: DataStream<Rec>[] = [];
  operators.forEach((made, i) => {
    const inputs = made.inputs.map((input) => streams[input] as DataStream<Rec>);
    const results = made.build(inputs, world, `operator ${i}`);
    const main = results[0] as SingleOutputStreamOperator<Rec>;
    const { chaining, parallelism } = tunings[i] as Tuning;
    if (parallelism !== undefined) main.setParallelism(parallelism);
    if (chaining === 'none') main.disableChaining();
    if (chaining === 'new' && made.inputs.length > 0) main.startNewChain();
    streams.push(...results);
  });
  return streams;
}

/** RP3. */
export class CheckTime extends ProcessFunction<Rec, Rec> {
  readonly #wrong: string[];

  constructor(wrong: string[]) {
    super();
    this.#wrong = wrong;
  }

  processElement(record: Rec, context: { timestamp(): number | undefined }, out: Collector<Rec>): void {
    if (context.timestamp() !== record.t) this.#wrong.push(`${JSON.stringify(record)} at ${context.timestamp()}`);
    out.collect(record);
  }
}
