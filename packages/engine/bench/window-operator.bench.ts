// The window operator alone, without channels: ns per record over string keys, against the same work as a plain loop.
// Run: node scripts/run-ts.mjs packages/engine/bench/window-operator.bench.ts [records] [keys]
import { OneInputOperatorHarness } from '@yeoul/testing';
import { SlidingEventTimeWindows } from '../src/api/windows/sliding-windows.ts';
import { EventTimeTrigger } from '../src/api/windows/time-triggers.ts';
import { TumblingEventTimeWindows } from '../src/api/windows/tumbling-windows.ts';
import type { CustomOperatorSpec, WindowSpec } from '../src/graph/operator-spec.ts';
import type { OperatorContext, StreamOperator } from '../src/runtime/operators/stream-operator.ts';
import { createWindowOperator } from '../src/runtime/operators/window/create-window-operator.ts';
import { WindowOperator } from '../src/runtime/operators/window/window-operator.ts';

interface Reading {
  readonly id: string;
  readonly temperature: number;
}

const RECORDS_PER_MS = 50;

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

async function measure(name: string, assigner: unknown, records: number, keys: number, general: boolean) {
  const spec = {
    kind: 'window',
    assigner,
    trigger: EventTimeTrigger.create(),
    allowedLatenessMs: 0,
    contents: { kind: 'aggregate', aggregate: average },
  } as unknown as WindowSpec;
  let context!: OperatorContext;
  let operator!: StreamOperator;
  let results = 0;
  const custom: CustomOperatorSpec = {
    kind: 'custom',
    createOperator(given) {
      context = given;
      Object.assign(given.output, { collect: () => (results += 1) });
      operator = general ? new WindowOperator(spec, context) : createWindowOperator(spec, context);
      return operator;
    },
  };
  const harness = await OneInputOperatorHarness.open({ operator: custom, keys: [(r: Reading) => r.id] });
  const ids = Array.from({ length: keys }, (_, i) => `sensor_${i}`);
  const input = operator.inputs[0]!;
  const { cell } = context;
  const backend = context.keyedState!;
  let x = 12345;
  const start = process.cpuUsage().user;
  for (let i = 0; i < records; i += 1) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    const id = ids[(x >>> 1) % keys]!;
    cell.timestampMs = Math.floor(i / RECORDS_PER_MS);
    backend.setCurrentKey(id);
    input.processElement({ id, temperature: x & 127 });
    if (i % (RECORDS_PER_MS * 10) === 0) input.processWatermark(Math.floor(i / RECORDS_PER_MS) - 1);
  }
  input.processWatermark(Number.POSITIVE_INFINITY);
  const ns = ((process.cpuUsage().user - start) * 1000) / records;
  console.log(`${name}: ${ns.toFixed(0)} ns/record, ${results} results`);
  await harness.close();
}

function plainLoop(records: number, keys: number) {
  const ids = Array.from({ length: keys }, (_, i) => `sensor_${i}`);
  let window = new Map<string, { sum: number; count: number }>();
  let end = 1000;
  let results = 0;
  let x = 12345;
  const start = process.cpuUsage().user;
  for (let i = 0; i < records; i += 1) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    const id = ids[(x >>> 1) % keys]!;
    const timestampMs = Math.floor(i / RECORDS_PER_MS);
    if (timestampMs >= end) {
      results += window.size;
      window = new Map();
      end += 1000;
    }
    const entry = window.get(id);
    if (entry === undefined) window.set(id, { sum: x & 127, count: 1 });
    else {
      entry.sum += x & 127;
      entry.count += 1;
    }
  }
  results += window.size;
  console.log(
    `plain tumbling loop: ${(((process.cpuUsage().user - start) * 1000) / records).toFixed(0)} ns/record, ${results} results`,
  );
}

const records = Number(process.argv[2] ?? 5_000_000);
const keys = Number(process.argv[3] ?? 5_000);
for (let round = 0; round < 2; round += 1) {
  plainLoop(records, keys);
  await measure('tumbling, panes', TumblingEventTimeWindows.of(1000), records, keys, false);
  await measure('sliding 10/1, panes', SlidingEventTimeWindows.of(10_000, 1000), records, keys, false);
}
await measure('tumbling, general', TumblingEventTimeWindows.of(1000), records / 5, keys, true);
