// One of every kind of keyed state over a backend, with plain reads for comparing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../src/api/state.ts';
import { Types } from '../../src/api/type-information.ts';
import type { KeyedStateHandle } from '../../src/checkpoint/state-handles.ts';
import {
  assignToKeyGroup,
  createKeyedStateBackend,
  type KeyedSnapshotRun,
  type KeyedStateBackend,
  type KeyedStateBackendOptions,
} from '../../src/state/index.ts';

export type BackendKind = 'heap' | 'disk';
export const MAX_PARALLELISM = 16;

let directories = 0;
let root: string | undefined;

function newWorkDirectory(): string {
  root ??= mkdtempSync(join(tmpdir(), 'yeoul-state-test-'));
  return join(root, String(directories++));
}

process.on('exit', () => {
  if (root !== undefined) rmSync(root, { recursive: true, force: true });
});

/** A backend that is disposed after the test. The disk cache is small, so that cells come and go. */
export function openBackend(kind: BackendKind, options: Partial<KeyedStateBackendOptions> = {}): KeyedStateBackend {
  const backend = createKeyedStateBackend({
    kind,
    keyType: undefined,
    keyGroupRange: { start: 0, end: MAX_PARALLELISM - 1 },
    maxParallelism: MAX_PARALLELISM,
    workDirectory: newWorkDirectory(),
    nowMs: () => 0,
    monotonicMs: () => performance.now(),
    cacheEntries: 24,
    ...options,
  });
  try {
    onTestFinished(() => backend.dispose());
  } catch {
    // Inside a property: disposed by its caller.
  }
  return backend;
}

export interface Accumulator {
  sum: number;
  seen: number[];
}

/** Accumulators are changed in place, as the API allows. */
const aggregate = {
  createAccumulator: (): Accumulator => ({ sum: 0, seen: [] }),
  add: (value: number, accumulator: Accumulator): Accumulator => {
    accumulator.sum += value;
    accumulator.seen.push(value);
    return accumulator;
  },
  getResult: (accumulator: Accumulator): string => `${accumulator.sum}:${accumulator.seen.join(',')}`,
  merge: (a: Accumulator, b: Accumulator): Accumulator => ({ sum: a.sum + b.sum, seen: [...a.seen, ...b.seen] }),
};

export const windowType = Types.row({ start: Types.long, end: Types.long });

export function windowOf(index: number): { start: number; end: number } {
  return { start: index * 10, end: index * 10 + 10 };
}

export interface FiredTimer {
  readonly timestampMs: number;
  readonly key: unknown;
  readonly namespace: unknown;
}

export function openStates(backend: KeyedStateBackend) {
  const fired: FiredTimer[] = [];
  const timers = backend.createTimerService({
    name: 'test',
    namespaceType: Types.generic(),
    handler: {
      onEventTime: (timestampMs, key, namespace) => fired.push({ timestampMs, key, namespace }),
      onProcessingTime: () => {},
    },
    nowMs: () => 0,
    scheduleProcessingTime: () => ({ cancel: () => {} }),
  });
  const paneDescriptor = new AggregatingStateDescriptor('panes', aggregate);
  return {
    backend,
    fired,
    timers,
    count: backend.getValueState(new ValueStateDescriptor('count', Types.int)),
    object: backend.getValueState(new ValueStateDescriptor<{ readonly n: number; tags: string[] }>('object')),
    list: backend.getListState(new ListStateDescriptor('list', Types.string)),
    map: backend.getMapState(new MapStateDescriptor<unknown, number>('map')),
    maximum: backend.getReducingState(new ReducingStateDescriptor('maximum', Math.max, Types.double)),
    total: backend.getAggregatingState(new AggregatingStateDescriptor('total', aggregate)),
    windowList: backend.getListState(new ListStateDescriptor('windowList', Types.int), { namespaceType: windowType }),
    windowTotal: backend.getAggregatingState(paneDescriptor, { namespaceType: windowType }),
    panes: backend.getPaneState<Accumulator>(paneDescriptor, windowType),
  };
}

export type States = ReturnType<typeof openStates>;

/** Everything of one key, as plain data; absent parts are left out. */
export function readKey(states: States, key: unknown, windows: readonly number[]): Record<string, unknown> {
  const { backend } = states;
  backend.setCurrentKey(key);
  const content: Record<string, unknown> = {};
  const keep = (name: string, value: unknown, isEmpty: boolean) => {
    if (!isEmpty) content[name] = structuredClone(value);
  };
  const count = states.count.value();
  keep('count', count, count === undefined);
  const object = states.object.value();
  keep('object', object, object === undefined);
  const list = states.list.get();
  keep('list', list, list.length === 0);
  const map = [...states.map.entries()];
  keep('map', map, map.length === 0);
  const maximum = states.maximum.get();
  keep('maximum', maximum, maximum === undefined);
  const total = states.total.get();
  keep('total', total, total === undefined);
  for (const window of windows) {
    states.windowList.setCurrentNamespace(windowOf(window));
    const items = states.windowList.get();
    keep(`windowList ${window}`, items, items.length === 0);
    states.windowTotal.setCurrentNamespace(windowOf(window));
    const windowTotal = states.windowTotal.get();
    keep(`windowTotal ${window}`, windowTotal, windowTotal === undefined);
  }
  return content;
}

/** Writes the snapshot to its end. */
export async function complete(run: KeyedSnapshotRun): Promise<readonly KeyedStateHandle[]> {
  while (!run.step(1));
  return run.finish();
}

export function groupOf(key: unknown): number {
  return assignToKeyGroup(key, MAX_PARALLELISM);
}
