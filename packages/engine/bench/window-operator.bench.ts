// The window operator alone, without channels: CPU ns per record over string keys, beside the same work as a plain loop.
// Measured: key lookup, window, accumulators, firing. Not measured: exchange, serialization, checkpoints.
// Run: node scripts/run-ts.mjs packages/engine/bench/window-operator.bench.ts [records] [keys]
// Compare with the plain loop of the same run only: the machine's speed moves by a factor of two.

import { Types } from '../src/api/type-information.ts';
import { SlidingEventTimeWindows, SlidingProcessingTimeWindows } from '../src/api/windows/sliding-windows.ts';
import { TumblingEventTimeWindows } from '../src/api/windows/tumbling-windows.ts';
import type { WindowSpec } from '../src/graph/operator-spec.ts';
import type { OperatorContext, StreamOperator } from '../src/runtime/operators/stream-operator.ts';
import { createWindowOperator } from '../src/runtime/operators/window/create-window-operator.ts';
import { WindowOperator } from '../src/runtime/operators/window/window-operator.ts';
import { createKeyedStateBackend, createOperatorStateBackend } from '../src/state/create-backends.ts';

interface Reading {
  readonly id: string;
  readonly temperature: number;
}

/** One of two subtasks of the benchmark `windows`. */
const RECORDS_PER_MS = 50;
const WATERMARK_EVERY_MS = 10;

const sumType = Types.row({ sum: Types.double, count: Types.long });

const average = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add(value: Reading, accumulator: { sum: number; count: number }) {
    accumulator.sum += value.temperature;
    accumulator.count += 1;
    return accumulator;
  },
  getResult: (accumulator: { sum: number; count: number }) => accumulator.sum / accumulator.count,
  merge(a: { sum: number; count: number }, b: { sum: number; count: number }) {
    a.sum += b.sum;
    a.count += b.count;
    return a;
  },
};

class Readings {
  readonly #ids: readonly string[];
  #x = 12345;
  lastId = -1;

  constructor(keys: number) {
    this.#ids = Array.from({ length: keys }, (_, i) => `sensor_${i}`);
  }

  next(): Reading {
    let x = this.#x;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#x = x;
    this.lastId = (x >>> 1) % this.#ids.length;
    return { id: this.#ids[this.lastId]!, temperature: (x & 127) / 3 };
  }
}

/** Processing time that the loop moves. */
class LoopClock {
  timeMs = 0;
  #alarms: { readonly atMs: number; readonly callback: (timeMs: number) => void }[] = [];

  nowMs(): number {
    return this.timeMs;
  }

  schedule(atMs: number, callback: (timeMs: number) => void): { cancel(): void } {
    const alarm = { atMs, callback };
    this.#alarms.push(alarm);
    return {
      cancel: () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm);
      },
    };
  }

  moveTo(timeMs: number): void {
    if (timeMs === this.timeMs) return;
    this.timeMs = timeMs;
    for (let due = this.#takeDue(); due !== undefined; due = this.#takeDue()) due.callback(due.atMs);
  }

  #takeDue() {
    const at = this.#alarms.findIndex(({ atMs }) => atMs <= this.timeMs);
    return at < 0 ? undefined : this.#alarms.splice(at, 1)[0];
  }
}

function createContext(counter: { results: number }) {
  const clock = new LoopClock();
  const keyedState = createKeyedStateBackend({
    kind: 'heap',
    keyType: undefined,
    keyGroupRange: { start: 0, end: 127 },
    maxParallelism: 128,
    workDirectory: '',
    nowMs: () => 0,
    monotonicMs: () => performance.now(),
  });
  const context = {
    operator: { name: 'window', operatorId: '0', inputTypes: [], inputKeys: [] },
    execution: { autoWatermarkIntervalMs: 0, latencyTrackingIntervalMs: 0 },
    runtime: { metricGroup: { counter: () => ({ inc() {} }) } },
    output: {
      collect: () => {
        counter.results += 1;
      },
      emitWatermark() {},
    },
    cell: { timestampMs: Number.NaN, stop: false },
    clock,
    registerProcessingTimeCallback: (atMs: number, callback: (timeMs: number) => void) =>
      clock.schedule(atMs, callback),
    keyedState,
    operatorState: createOperatorStateBackend(),
    isOutputAvailable: () => true,
    runSliced(step: () => boolean) {
      while (!step());
    },
  };
  const timers: { advanceWatermark(timestampMs: number, maxTimers: number): boolean }[] = [];
  return Object.assign(context, {
    timerService(name: string, handler: never, namespaceType: never) {
      const service = keyedState.createTimerService({
        name,
        handler,
        namespaceType,
        nowMs: () => clock.timeMs,
        scheduleProcessingTime: (atMs, callback) => clock.schedule(atMs, callback),
      });
      timers.push(service);
      return service;
    },
    advanceWatermark(timestampMs: number) {
      for (const service of timers) while (!service.advanceWatermark(timestampMs, 64));
    },
  }) as unknown as OperatorContext & { readonly keyedState: typeof keyedState; readonly clock: LoopClock };
}

interface MeasureOptions {
  /** The general operator. */
  readonly general?: boolean;
  /** Accumulators have a declared type. */
  readonly declared?: boolean;
}

interface Assigner {
  getDefaultTrigger(): unknown;
}

function measure(name: string, assigner: Assigner, records: number, keys: number, options: MeasureOptions = {}): void {
  const { general = false, declared = false } = options;
  const spec = {
    kind: 'window',
    assigner,
    trigger: assigner.getDefaultTrigger(),
    allowedLatenessMs: 0,
    contents: { kind: 'aggregate', aggregate: average, accumulatorType: declared ? sumType : undefined },
  } as unknown as WindowSpec;
  const counter = { results: 0 };
  const context = createContext(counter);
  const operator: StreamOperator = general ? new WindowOperator(spec, context) : createWindowOperator(spec, context);
  const input = operator.inputs[0]!;
  const readings = new Readings(keys);
  // As channels do it: string keys come with small ids.
  const setCurrentKey = context.keyedState.createKeySetter();
  report(name, records, counter, () => {
    for (let i = 0; i < records; i += 1) {
      const reading = readings.next();
      context.cell.timestampMs = Math.floor(i / RECORDS_PER_MS);
      context.clock.moveTo(context.cell.timestampMs);
      setCurrentKey(reading.id, readings.lastId);
      input.processElement(reading);
      if (i % (RECORDS_PER_MS * WATERMARK_EVERY_MS) === 0) input.processWatermark(context.cell.timestampMs - 1);
    }
    input.processWatermark(Number.POSITIVE_INFINITY);
  });
}

function measurePlainLoop(records: number, keys: number): void {
  const readings = new Readings(keys);
  const counter = { results: 0 };
  let window = new Map<string, { sum: number; count: number }>();
  let endMs = 1000;
  report('plain tumbling loop', records, counter, () => {
    for (let i = 0; i < records; i += 1) {
      const reading = readings.next();
      if (Math.floor(i / RECORDS_PER_MS) >= endMs) {
        counter.results += window.size;
        window = new Map();
        endMs += 1000;
      }
      const entry = window.get(reading.id);
      if (entry === undefined) window.set(reading.id, { sum: reading.temperature, count: 1 });
      else average.add(reading, entry);
    }
    counter.results += window.size;
  });
}

function report(name: string, records: number, counter: { results: number }, work: () => void): void {
  const startUs = process.cpuUsage().user;
  work();
  const nsPerRecord = ((process.cpuUsage().user - startUs) * 1000) / records;
  console.log(`${name}: ${nsPerRecord.toFixed(0)} ns/record, ${counter.results} results`);
}

const records = Number(process.argv[2] ?? 5_000_000);
const keys = Number(process.argv[3] ?? 5_000);
for (let round = 0; round < 2; round += 1) {
  measurePlainLoop(records, keys);
  for (const declared of [false, true]) {
    const kind = declared ? 'panes, declared' : 'panes';
    measure(`tumbling, ${kind}`, TumblingEventTimeWindows.of(1000), records, keys, { declared });
    measure(`sliding 10/1, ${kind}`, SlidingEventTimeWindows.of(10_000, 1000), records, keys, { declared });
  }
}
const byClock = SlidingProcessingTimeWindows.of(10_000, 1000);
measure('sliding 10/1 by processing time, panes', byClock, records / 5, keys);
measure('sliding 10/1 by processing time, general', byClock, records / 5, keys, { general: true });
measure('tumbling, general', TumblingEventTimeWindows.of(1000), records / 5, keys, { general: true });
