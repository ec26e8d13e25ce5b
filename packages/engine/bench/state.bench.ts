// Keyed state by hand loops: node scripts/run-ts.mjs packages/engine/bench/state.bench.ts [heap|disk] [keys in thousands…]
// Prints ns per get+update (random keys), the longest single one, the synchronous part of a snapshot, the cost of its steps per
// cell, and the price of updates while a snapshot is being written. Raw baseline: one Map. Single thread, warm, median of 5.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ValueStateDescriptor } from '../src/api/state.ts';
import { type TypeInformation, Types } from '../src/api/type-information.ts';
import type { StateFileFactory } from '../src/checkpoint/state-file-factory.ts';
import { createKeyedStateBackend } from '../src/state/index.ts';
import type { KeyedStateBackend } from '../src/state/keyed-state-backend.ts';

/** Processor time, so that other work on the machine hardly shows. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const OPERATIONS = 1_000_000;
const ROUNDS = 5;
const workDirectory = mkdtempSync(join(tmpdir(), 'yeoul-state-bench-'));

const nowhere: StateFileFactory = {
  selfContained: false,
  create: () => ({
    write: () => {},
    sizeBytes: 0,
    close: async () => ({ location: { kind: 'inline', bytes: new Uint8Array(0) }, sizeBytes: 0, crc32: 0 }),
    abort: async () => {},
  }),
};

/** Deterministic, so that runs compare. */
function randomIndexes(count: number, bound: number): Int32Array {
  const indexes = new Int32Array(count);
  let x = 2463534242;
  for (let i = 0; i < count; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    indexes[i] = (x >>> 0) % bound;
  }
  return indexes;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

function nsPerOperation(work: () => void): number {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const from = cpuMs();
    work();
    rounds.push(((cpuMs() - from) * 1e6) / OPERATIONS);
  }
  return median(rounds);
}

function open(kind: 'heap' | 'disk', keyType: TypeInformation, name: string): KeyedStateBackend {
  return createKeyedStateBackend({
    kind,
    keyType,
    keyGroupRange: { start: 0, end: 63 },
    maxParallelism: 64,
    workDirectory: join(workDirectory, name),
    nowMs: () => 0,
    monotonicMs: () => performance.now(),
  });
}

async function measure(
  kind: 'heap' | 'disk',
  keyCount: number,
  keys: ArrayLike<unknown>,
  keyType: TypeInformation,
): Promise<void> {
  const order = randomIndexes(OPERATIONS, keyCount);
  const map = new Map<unknown, number>();
  for (let i = 0; i < keyCount; i++) map.set(keys[i], 0);
  const mapNs = nsPerOperation(() => {
    for (let i = 0; i < OPERATIONS; i++) {
      const key = keys[order[i]!];
      map.set(key, map.get(key)! + 1);
    }
  });

  const backend = open(kind, keyType, `${keyType.kind}-${keyCount}`);
  const state = backend.getValueState(new ValueStateDescriptor('count', Types.int));
  const update = (key: unknown) => {
    backend.setCurrentKey(key);
    state.update((state.value() ?? 0) + 1);
  };
  let worstMs = 0;
  for (let i = 0; i < keyCount; i++) {
    const from = cpuMs();
    update(keys[i]);
    worstMs = Math.max(worstMs, cpuMs() - from);
  }
  const updateAll = () => {
    for (let i = 0; i < OPERATIONS; i++) update(keys[order[i]!]);
  };
  const updateNs = nsPerOperation(updateAll);

  const syncMs: number[] = [];
  const stepNs: number[] = [];
  let duringNs = 0;
  for (let id = 1; id <= ROUNDS; id++) {
    const from = cpuMs();
    const run = backend.snapshot(id, nowhere);
    syncMs.push(cpuMs() - from);
    if (id === ROUNDS) {
      const before = cpuMs();
      updateAll();
      duringNs = ((cpuMs() - before) * 1e6) / OPERATIONS;
    }
    const stepFrom = cpuMs();
    while (!run.step(5));
    if (id < ROUNDS) stepNs.push(((cpuMs() - stepFrom) * 1e6) / keyCount);
    await run.finish();
    if (kind === 'disk') backend.notifyCheckpointComplete(id);
  }
  console.log(
    `${kind} ${keyType.kind} keys ${keyCount}: map ${mapNs.toFixed(0)} ns, get+update ${updateNs.toFixed(0)} ns, during a snapshot ${duringNs.toFixed(0)} ns; ` +
      `longest insert ${worstMs.toFixed(1)} ms; snapshot sync ${Math.max(...syncMs).toFixed(2)} ms, steps ${median(stepNs).toFixed(0)} ns per cell`,
  );
  await backend.dispose();
}

const kind = process.argv[2] === 'disk' ? 'disk' : 'heap';
const thousands = process.argv.slice(3).map(Number);
for (const count of (thousands.length > 0 ? thousands : [50, 500, 1000]).map((t) => t * 1000)) {
  await measure(
    kind,
    count,
    Int32Array.from({ length: count }, (_, i) => i),
    Types.int,
  );
  await measure(
    kind,
    count,
    Array.from({ length: count }, (_, i) => Buffer.from(`sensor_${i}`).toString('latin1')),
    Types.string,
  );
}
rmSync(workDirectory, { recursive: true, force: true });
