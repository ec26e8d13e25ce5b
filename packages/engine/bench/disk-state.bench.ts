// State that does not fit the cache of the disk backend: node scripts/run-ts.mjs packages/engine/bench/disk-state.bench.ts
// [keys in thousands] [cache in MiB]. Prints CPU ns per operation (reading and writing), the longest stretch of 128 operations
// and resident memory. Single thread; files stay in the page cache of the system, so devices are not measured. Checkpoints are
// not measured either: see state.bench.ts. Figures of one run compare within about 15 %.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ValueStateDescriptor,
} from '../src/api/state.ts';
import { Types } from '../src/api/type-information.ts';
import { createKeyedStateBackend } from '../src/state/create-backends.ts';
import type { KeyedStateBackend } from '../src/state/keyed-state-backend.ts';

const KEYS = Number(process.argv[2] ?? 1000) * 1000;
const CACHE_BYTES = Number(process.argv[3] ?? 16) * 1024 * 1024;
const KEY_GROUPS = 64;
const LARGE_VALUES = 20;
const STRETCH = 128;

class Random {
  #x = 2463534242;

  below(bound: number): number {
    this.#x ^= this.#x << 13;
    this.#x ^= this.#x >>> 17;
    this.#x ^= this.#x << 5;
    return (this.#x >>> 0) % bound;
  }

  /** Low keys much more often: half of the draws are of an eighth of the keys. */
  skewed(bound: number): number {
    return Math.floor(bound * (this.below(1 << 30) / (1 << 30)) ** 3);
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function measure(name: string, operations: number, operate: (i: number) => void): void {
  const startMs = cpuMs();
  let longestMs = 0;
  for (let i = 0; i < operations; ) {
    const stretchStartMs = cpuMs();
    for (const end = Math.min(operations, i + STRETCH); i < end; i++) operate(i);
    longestMs = Math.max(longestMs, cpuMs() - stretchStartMs);
  }
  const ns = ((cpuMs() - startMs) * 1e6) / operations;
  const residentMiB = process.memoryUsage().rss / 1024 / 1024;
  const columns = [`${ns.toFixed(0)} ns`, `${longestMs.toFixed(1)} ms`, `${residentMiB.toFixed(0)} MiB`];
  console.log(name.padEnd(36), ...columns.map((column) => column.padStart(10)));
}

async function withBackend(work: (backend: KeyedStateBackend) => void): Promise<void> {
  const workDirectory = mkdtempSync(join(tmpdir(), 'yeoul-disk-bench-'));
  const backend = createKeyedStateBackend({
    kind: 'disk',
    keyType: Types.int,
    keyGroupRange: { start: 0, end: KEY_GROUPS - 1 },
    maxParallelism: KEY_GROUPS,
    workDirectory,
    nowMs: () => 0,
    monotonicMs: () => performance.now(),
    cacheBytes: CACHE_BYTES,
  });
  try {
    work(backend);
  } finally {
    await backend.dispose();
    rmSync(workDirectory, { recursive: true, force: true });
  }
}

console.log(`${KEYS} keys, cache of ${CACHE_BYTES / 1024 / 1024} MiB`);

await withBackend((backend) => {
  const random = new Random();
  const count = backend.getValueState(new ValueStateDescriptor('count', Types.int));
  const add = (key: number) => {
    backend.setCurrentKey(key);
    count.update((count.value() ?? 0) + 1);
  };
  measure('value, new keys', KEYS, add);
  measure('value, random keys', KEYS, () => add(random.below(KEYS)));
  measure('value, skewed keys', KEYS, () => add(random.skewed(KEYS)));
});

await withBackend((backend) => {
  const random = new Random();
  const map = backend.getMapState(new MapStateDescriptor('map', Types.int, Types.int));
  const entries = KEYS / LARGE_VALUES;
  measure(`map of ${entries}, new entries`, KEYS, (i) => {
    backend.setCurrentKey(i % LARGE_VALUES);
    map.put(Math.floor(i / LARGE_VALUES), i);
  });
  measure(`map of ${entries}, random entries`, KEYS, () => {
    backend.setCurrentKey(random.below(LARGE_VALUES));
    const key = random.below(entries);
    map.put(key, (map.get(key) ?? 0) + 1);
  });
});

await withBackend((backend) => {
  const random = new Random();
  const list = backend.getListState(new ListStateDescriptor('list', Types.int));
  measure(`lists of ${KEYS / LARGE_VALUES}, add`, KEYS, (i) => {
    backend.setCurrentKey(random.below(LARGE_VALUES));
    list.add(i);
  });
});

await withBackend((backend) => {
  const sum = { createAccumulator: () => 0, add: (a: number, b: number) => a + b, getResult: (a: number) => a };
  const panes = backend.getPaneState<number>(new AggregatingStateDescriptor('sum', sum, Types.double), Types.double);
  const pane = panes.open(1000);
  measure('window, first record of a key', KEYS, (key) => {
    backend.setCurrentKey(key);
    pane.put((pane.get() ?? 0) + 1);
  });
  const once = (work: () => void) => (i: number) => {
    if (i === 0) work();
  };
  measure(
    'window, fire, per key',
    KEYS,
    once(() => pane.forEachReadOnly(() => {})),
  );
  const dropMs = cpuMs();
  panes.drop(1000);
  console.log(`window, drop: ${(cpuMs() - dropMs).toFixed(1)} ms; what is left of it goes in steps:`);
  // Each operation is a step of 1 ms at most, as a task makes them between records.
  let steps = 0;
  let longestMs = 0;
  const cleanUpMs = cpuMs();
  for (let isMore = true; isMore; steps++) {
    const startMs = performance.now();
    isMore = backend.cleanUp(1);
    longestMs = Math.max(longestMs, performance.now() - startMs);
  }
  const perKeyNs = ((cpuMs() - cleanUpMs) * 1e6) / KEYS;
  console.log(`  ${perKeyNs.toFixed(0)} ns per key, ${steps} steps, the longest ${longestMs.toFixed(1)} ms`);
});
