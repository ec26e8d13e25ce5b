// Cost of carrying one record over a channel, both sides in one thread: emit until the channel is full, read until it is
// empty. What it leaves out: the cache misses between two cores and the waking of threads.
//   node scripts/run-ts.mjs packages/engine/bench/channels.bench.ts [name part [distinct strings - 1]]
import { spawnSync } from 'node:child_process';
import { type TypeInformation, Types } from '../src/api/type-information.ts';
import type { Partitioner } from '../src/graph/transformation.ts';
import { createChannelReader, createRecordWriter } from '../src/runtime/channels/channel-factory.ts';
import { LocalChannel } from '../src/runtime/channels/local-channel.ts';
import { createRing } from '../src/runtime/channels/ring-layout.ts';

const RECORDS = 2_000_000;
const ROUNDS = 5;
/** Rounds before, for V8 to settle. */
const WARM_UP_ROUNDS = 3;
const POOL = 1 << 16;

interface Scenario {
  readonly name: string;
  readonly type?: TypeInformation | undefined;
  readonly partitioner?: Partitioner;
  readonly make: (i: number) => unknown;
  readonly timed?: boolean;
  /** Objects are made again for each record, as a source does; else taken from a pool. */
  readonly fresh?: boolean;
}

/** Distinct strings, minus one: 1,023 stays in the caches, 32,767 does not. */
const KEY_MASK = Number(process.argv[3] ?? 1_023);
const ids = Array.from({ length: 50_000 }, (_, i) => `sensor-${i}`);
const pick = (i: number) => ids[(Math.imul(i, 0x9e3779b1) >>> 16) & KEY_MASK]!;
const event = Types.row({ key: Types.int, state: Types.int });
const reading = Types.row({ id: Types.string, at: Types.long, temperature: Types.double });
const makeReading = (i: number) => ({ id: pick(i), at: 1_600_000_000_000 + i, temperature: i * 0.37 });
const byId: Partitioner = { kind: 'hash', keySelector: (value: { id: string }) => value.id, keyType: Types.string };
const byComputed: Partitioner = {
  kind: 'hash',
  keySelector: ((value: { id: string }) => {
    const { id } = value;
    return id;
  }) as never,
  keyType: Types.string,
};

const scenarios: Scenario[] = [
  { name: '{int,int} declared', type: event, make: (i) => ({ key: i, state: i & 7 }), fresh: true },
  {
    name: '{int,int} declared, timestamps',
    type: event,
    make: (i) => ({ key: i, state: i & 7 }),
    fresh: true,
    timed: true,
  },
  {
    name: '{int,int} declared, keyed',
    type: event,
    partitioner: { kind: 'hash', keySelector: ((v: { key: number }) => v.key) as never, keyType: Types.int },
    make: (i) => ({ key: i, state: i & 7 }),
    fresh: true,
  },
  { name: '{int,int} undeclared', make: (i) => ({ key: i, state: i & 7 }), fresh: true },
  { name: 'Reading declared', type: reading, make: makeReading, fresh: true },
  { name: 'Reading declared, keyed by field', type: reading, partitioner: byId, make: makeReading, fresh: true },
  { name: 'Reading declared, computed key', type: reading, partitioner: byComputed, make: makeReading, fresh: true },
  {
    name: 'Reading declared, keyed, timestamps',
    type: reading,
    partitioner: byId,
    make: makeReading,
    fresh: true,
    timed: true,
  },
  { name: 'Reading undeclared', make: makeReading, fresh: true },
  { name: 'Reading undeclared, keyed', partitioner: byId, make: makeReading, fresh: true },
  { name: 'nested undeclared', make: (i) => ({ id: pick(i), at: i, tags: ['a', 'b'], place: { x: i, y: 2.5 } }) },
  { name: 'string, repeating', type: Types.string, make: pick },
  {
    name: 'string, 11 characters, all different',
    type: Types.string,
    make: (i) => `w-${i % 1_000}-${(i * 7919) % 100_000}`.padEnd(11, 'x'),
  },
  {
    name: 'string, 40 characters, all different',
    type: Types.string,
    make: (i) => `line ${i} `.padEnd(40, 'abcdefgh '),
  },
  { name: 'string, Korean', type: Types.string, make: (i) => `여울 ${i} 번째 줄` },
];

/** CPU time of the process: other load on the machine hardly shows in it. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function measure(scenario: Scenario, kind: 'ring' | 'local'): number[] {
  const edge = { partitioner: scenario.partitioner ?? ({ kind: 'forward' } as Partitioner), type: scenario.type };
  const keyed = edge.partitioner.kind === 'hash';
  // A keyed edge with two targets routes; both are read.
  const targetCount = keyed ? 2 : 1;
  const channels = Array.from({ length: targetCount }, () =>
    kind === 'ring' ? createRing({ segments: 16, segmentBytes: 32_768 }) : new LocalChannel(),
  );
  const cell = { timestampMs: Number.NaN, stop: false };
  const signal = { wake() {} };
  let seen = 0;
  let keySum = 0;
  const readers = channels.map((channel) =>
    createChannelReader({
      edge,
      source:
        channel instanceof LocalChannel
          ? { kind: 'local', channel }
          : { kind: 'remote', ring: channel, writerSignal: signal },
      consumer: {
        cell: { timestampMs: 0, stop: false },
        setCurrentKey: keyed
          ? (key) => {
              keySum += (key as string).length | 0;
            }
          : undefined,
        processElement: () => {
          seen++;
        },
      },
    }),
  );
  const writer = createRecordWriter({
    edge,
    targets: channels.map((channel) =>
      channel instanceof LocalChannel
        ? { kind: 'local', channel }
        : { kind: 'remote', ring: channel, readerSignal: signal },
    ),
    cell,
    maxParallelism: 128,
    random: () => 0,
  });
  const pool = Array.from({ length: POOL }, (_, i) => scenario.make(i));
  const results: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const startedUs = cpuUs();
    for (let i = 0; i < RECORDS; ) {
      cell.stop = false;
      for (let n = 0; n < 512 && !cell.stop; n++, i++) {
        if (scenario.timed) cell.timestampMs = 1_600_000_000_000 + i;
        writer.emit(scenario.fresh ? scenario.make(i) : pool[i & (POOL - 1)]);
      }
      if (cell.stop) {
        writer.flush();
        for (const reader of readers) reader.read(1_000_000);
      }
    }
    writer.flush();
    for (const reader of readers) reader.read(1_000_000_000);
    results.push(((cpuUs() - startedUs) * 1_000) / RECORDS);
  }
  if (seen < RECORDS * (WARM_UP_ROUNDS + ROUNDS) || keySum === -1) throw new Error(`${seen} records arrived`);
  return results.slice(WARM_UP_ROUNDS);
}

/** What making the records costs without a channel; part of the other figures. */
function measureMaking(scenario: Scenario): number[] {
  const pool = Array.from({ length: POOL }, (_, i) => scenario.make(i));
  let sink: unknown;
  const results: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const startedUs = cpuUs();
    for (let i = 0; i < RECORDS; i++) sink = scenario.fresh ? scenario.make(i) : pool[i & (POOL - 1)];
    results.push(((cpuUs() - startedUs) * 1_000) / RECORDS);
  }
  if (sink === undefined) throw new Error('nothing was made');
  return results.slice(WARM_UP_ROUNDS);
}

function report(scenario: Scenario): void {
  const cells = (['ring', 'local'] as const).map((kind) => {
    const sorted = measure(scenario, kind).sort((a, b) => a - b);
    return `${kind} ${sorted[0]!.toFixed(1)} / ${sorted[ROUNDS >> 1]!.toFixed(1)}`;
  });
  const making = measureMaking(scenario).sort((a, b) => a - b);
  console.log(`${scenario.name.padEnd(40)} ${cells.join('   ')}   making ${making[0]!.toFixed(1)}`);
}

// Each scenario in a process of its own: what V8 learned from one does not slow the next.
const [, script, namePart = '', keyMask = String(KEY_MASK), chosen] = process.argv;
if (chosen !== undefined) report(scenarios.find(({ name }) => name === chosen)!);
else {
  console.log('CPU ns per record, write + read, best / median of', ROUNDS, 'with', KEY_MASK + 1, 'distinct strings');
  for (const { name } of scenarios.filter((scenario) => scenario.name.includes(namePart))) {
    spawnSync(process.execPath, [script!, namePart, keyMask, name], { stdio: 'inherit' });
  }
}
