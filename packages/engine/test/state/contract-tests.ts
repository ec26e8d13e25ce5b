// What every keyed state backend must do. Run by heap-keyed-backend.test.ts and disk-keyed-backend.test.ts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  StateTtlUpdateType,
  StateVisibility,
  ValueStateDescriptor,
} from '../../src/api/state.ts';
import { Types } from '../../src/api/type-information.ts';
import type { KeyedStateHandle } from '../../src/checkpoint/state-handles.ts';
import type { KeyedSnapshotRun, KeyedStateBackend } from '../../src/state/index.ts';
import { computeKeyGroupRange } from '../../src/state/index.ts';
import { handleOf, MemoryStateFiles } from './memory-state-files.ts';
import { KEYS, Model, type Operation, operations, paneOperations, WINDOWS } from './model.ts';
import {
  type BackendKind,
  complete,
  groupOf,
  MAX_PARALLELISM,
  openBackend,
  openStates,
  readKey,
  type States,
  windowOf,
} from './state-fixture.ts';

/** Disk backends take longer to open. */
const MODEL_RUNS = { heap: 20, disk: 10 } as const;
/** For a long run of the model test; YEOUL_SHRINK also looks for a smaller counterexample, which takes minutes. */
const wantedRuns = process.env.YEOUL_STATE_MODEL_RUNS;

/** Snapshots under way at once. */
const MAX_RUNS = 3;

interface RunUnderWay {
  readonly id: number;
  readonly run: KeyedSnapshotRun;
  readonly model: Model;
  readonly outcome: 'completed' | 'aborted' | 'unknown';
}

/** Compares everything the model knows with what the states say. Timers are fired for it. */
function compare(states: readonly States[], model: Model, withTimers: boolean): void {
  const ownerOf = (key: unknown) => states.find(({ backend }) => isIn(groupOf(key), backend))!;
  const keys = [
    ...new Map([
      ...KEYS.map((key) => [key, key] as const),
      ...[...model.keys.values()].map(([key]) => [key, key] as const),
    ]).values(),
  ];
  const actual = keys.map((key) => [key, readKey(ownerOf(key), key, WINDOWS)]);
  const expected = keys.map((key) => [key, model.read(key)]);
  expect(sortMaps(actual)).toEqual(sortMaps(expected));
  if (!withTimers) return;
  for (const { timers, fired } of states) {
    fired.length = 0;
    timers.advanceWatermark(Number.POSITIVE_INFINITY, 1e9);
  }
  const fired = states.flatMap((s) => s.fired.map((t) => JSON.stringify([t.timestampMs, String(t.key), t.namespace])));
  const set = [...model.timers.values()].map((t) => JSON.stringify([t.timestampMs, String(t.key), t.namespace]));
  expect(fired.sort()).toEqual(set.sort());
}

/** The order of map entries is the backend's. */
function sortMaps(contents: (readonly unknown[])[]): unknown {
  return contents.map(([key, content]) => {
    const { map, ...rest } = content as Record<string, unknown>;
    const sorted = map === undefined ? undefined : [...(map as unknown[])].map((e) => JSON.stringify(e)).sort();
    return [key, { ...rest, map: sorted }];
  });
}

/** True when the run is done within `count` of its smallest steps. */
function isDoneWithin(run: KeyedSnapshotRun, count: number): boolean {
  for (let i = 0; i < count; i++) if (run.step(0)) return true;
  return false;
}

function isIn(group: number, backend: KeyedStateBackend): boolean {
  return group >= backend.keyGroupRange.start && group <= backend.keyGroupRange.end;
}

/** Restores into `parallelism` backends of `kind` and compares. */
async function verifyRestored(
  kind: BackendKind,
  handles: readonly KeyedStateHandle[],
  model: Model,
  parallelism: number,
): Promise<void> {
  const backends = Array.from({ length: parallelism }, (_, index) =>
    openBackend(kind, { keyGroupRange: computeKeyGroupRange(MAX_PARALLELISM, parallelism, index) }),
  );
  try {
    for (const backend of backends) await backend.restore(handles);
    compare(backends.map(openStates), model, true);
  } finally {
    for (const backend of backends) await backend.dispose();
  }
}

/** A state that nobody looks at, so large that deltas do not outgrow their base at once. */
function addBallast(backend: KeyedStateBackend): void {
  backend.setCurrentKey('ballast');
  backend.getValueState(new ValueStateDescriptor('ballast', Types.string)).update('x'.repeat(30_000));
}

/** Applies the steps to backend and model; every snapshot that gets written is verified. */
async function runModel(
  backend: KeyedStateBackend,
  steps: readonly Operation[],
  verify: (handles: readonly KeyedStateHandle[], model: Model) => Promise<void>,
): Promise<void> {
  const states = openStates(backend);
  addBallast(backend);
  const model = new Model();
  const runs: RunUnderWay[] = [];
  let nextId = 1;
  const begin = (savepoint: boolean, outcome: RunUnderWay['outcome']) => {
    const id = nextId++;
    runs.push({ id, run: backend.snapshot(id, new MemoryStateFiles(savepoint)), model: model.clone(), outcome });
  };
  const finish = async (done: RunUnderWay) => {
    runs.splice(runs.indexOf(done), 1);
    await verify(await done.run.finish(), done.model);
    if (done.outcome === 'completed') backend.notifyCheckpointComplete(done.id);
    else if (done.outcome === 'aborted') backend.notifyCheckpointAborted(done.id);
  };
  const abort = async (chosen: RunUnderWay) => {
    runs.splice(runs.indexOf(chosen), 1);
    await chosen.run.abort();
    backend.notifyCheckpointAborted(chosen.id);
  };
  try {
    for (const step of steps) {
      const chosen = 'run' in step && runs.length > 0 ? runs[step.run % runs.length] : undefined;
      if (step.kind === 'update') step.update(states, model);
      else if (step.kind === 'verify') compare([states], model, false);
      else if (step.kind === 'cleanUp') backend.cleanUp(0);
      else if (step.kind === 'snapshot' && runs.length < MAX_RUNS) begin(step.savepoint, step.outcome);
      else if (step.kind === 'step' && chosen && isDoneWithin(chosen.run, step.count)) await finish(chosen);
      else if (step.kind === 'abort' && chosen) await abort(chosen);
    }
    for (const run of [...runs]) {
      while (!run.run.step(0));
      await finish(run);
    }
    compare([states], model, true);
  } finally {
    await backend.dispose();
  }
}

export function describeKeyedBackend(kind: BackendKind): void {
  const other: BackendKind = kind === 'heap' ? 'disk' : 'heap';

  describe('snapshots', () => {
    test.each([
      ['the state', operations],
      ['windows that are dropped and used again', paneOperations],
    ] as const)(
      'hold %s at their barrier, whatever happens while they are written',
      async (_name, anyOperations) => {
        const property = fc.asyncProperty(
          anyOperations,
          fc.integer({ min: 1, max: 3 }),
          fc.boolean(),
          fc.constantFrom(1, 2, 7, undefined),
          async (steps, parallelism, crossed, dropCells) => {
            const verify = (handles: readonly KeyedStateHandle[], model: Model) =>
              verifyRestored(crossed ? other : kind, handles, model, parallelism);
            await runModel(openBackend(kind, { dropCells }), steps, verify);
          },
        );
        await fc.assert(property, {
          numRuns: wantedRuns === undefined ? MODEL_RUNS[kind] : Number(wantedRuns),
          endOnFailure: process.env.YEOUL_SHRINK === undefined,
        });
      },
      120_000,
    );

    test('of an empty backend restore to an empty one', async () => {
      const states = openStates(openBackend(kind));
      await verifyRestored(kind, await complete(states.backend.snapshot(1, new MemoryStateFiles())), new Model(), 2);
    });

    test('fail alone when a value cannot be saved, even when a record comes upon it', async () => {
      const { backend, count } = openStates(openBackend(kind));
      backend.setCurrentKey(1);
      count.update('text' as unknown as number);
      const run = backend.snapshot(1, new MemoryStateFiles());
      count.update(5);
      expect(count.value()).toBe(5);
      expect(() => {
        while (!run.step(1));
      }).toThrow(/VALUE_TYPE_MISMATCH|does not fit/);
      await run.abort();
      const [handle] = await complete(backend.snapshot(2, new MemoryStateFiles()));
      const again = openStates(openBackend(kind));
      await again.backend.restore([handle!]);
      again.backend.setCurrentKey(1);
      expect(again.count.value()).toBe(5);
    });

    test('keep restored states that the program does not ask for', async () => {
      const first = openStates(openBackend(kind));
      first.backend.setCurrentKey('k');
      first.count.update(3);
      first.list.add('kept');
      const handles = await complete(first.backend.snapshot(1, new MemoryStateFiles()));
      const second = openBackend(kind);
      await second.restore(handles);
      const third = openBackend(other);
      await third.restore(await complete(second.snapshot(2, new MemoryStateFiles())));
      const states = openStates(third);
      third.setCurrentKey('k');
      expect([states.count.value(), states.list.get()]).toEqual([3, ['kept']]);
    });

    test('describe their states', async () => {
      const { backend } = openStates(openBackend(kind));
      const [handle] = await complete(backend.snapshot(1, new MemoryStateFiles()));
      expect(handle!.states).toEqual(backend.describeStates());
      expect(handle!.states.find((s) => s.name === 'windowList')).toEqual({
        name: 'windowList',
        kind: 'list',
        serializer: '{"kind":"list","element":{"kind":"int"}}',
        serializerVersion: 1,
        namespaceSerializer:
          '{"kind":"row","fields":[{"name":"start","type":{"kind":"long"}},{"name":"end","type":{"kind":"long"}}]}',
      });
    });
  });

  describe('rescaling', () => {
    test.each([
      [1, 3],
      [3, 2],
      [2, 16],
    ])('%i to %i subtasks keeps every key once', async (from, to) => {
      const handles: KeyedStateHandle[] = [];
      const model = new Model();
      for (let index = 0; index < from; index++) {
        const backend = openBackend(kind, { keyGroupRange: computeKeyGroupRange(MAX_PARALLELISM, from, index) });
        const states = openStates(backend);
        for (let i = 0; i < 500; i++) {
          if (!isIn(groupOf(`key ${i}`), backend)) continue;
          backend.setCurrentKey(`key ${i}`);
          states.count.update(i);
          model.content(`key ${i}`).set('count', i);
          states.timers.registerEventTimeTimer(undefined, i);
          model.timers.set(`${i}`, { timestampMs: i, key: `key ${i}`, namespace: undefined });
        }
        handles.push(...(await complete(backend.snapshot(1, new MemoryStateFiles()))));
      }
      await verifyRestored(kind, handles, model, to);
      await verifyRestored(other, handles, model, to);
    });

    test('refuses another maximum parallelism', async () => {
      const { backend } = openStates(openBackend(kind));
      const handles = await complete(backend.snapshot(1, new MemoryStateFiles()));
      const target = openBackend(kind, { maxParallelism: 32, keyGroupRange: { start: 0, end: 31 } });
      await expect(target.restore(handles)).rejects.toMatchObject({ code: 'MAX_PARALLELISM_CHANGED' });
    });
  });

  describe('damaged files', () => {
    async function writtenBytes(): Promise<{ handle: KeyedStateHandle; bytes: Uint8Array }> {
      const { backend, count, list } = openStates(openBackend(kind));
      for (let i = 0; i < 200; i++) {
        backend.setCurrentKey(i);
        count.update(i);
        list.add(`item ${i}`);
      }
      const [handle] = await complete(backend.snapshot(1, new MemoryStateFiles()));
      const location = handle!.files[0]!.location;
      return { handle: handle!, bytes: location.kind === 'inline' ? location.bytes : new Uint8Array(0) };
    }

    const restoreBytes = (handle: KeyedStateHandle, bytes: Uint8Array) =>
      openBackend('heap').restore([{ ...handle, files: [handleOf(bytes)] }]);

    test('any flipped byte is found', async () => {
      const { handle, bytes } = await writtenBytes();
      for (let at = 0; at < bytes.length; at += 7) {
        const damaged = Uint8Array.from(bytes);
        damaged[at]! ^= 0x41;
        const headerOfBlock = await restoreBytes(handle, damaged).then(
          () => 'restored',
          (error: { code?: string }) => error.code,
        );
        // Block headers are repeated in the checked index; a flip there harms nothing.
        if (headerOfBlock === 'restored') continue;
        expect(headerOfBlock).toMatch(/^STATE_FILE_(CORRUPT|VERSION_UNKNOWN)$/);
      }
    });

    test('a file cut off anywhere is found', async () => {
      const { handle, bytes } = await writtenBytes();
      for (let length = 0; length < bytes.length; length += 97) {
        await expect(restoreBytes(handle, bytes.slice(0, length))).rejects.toMatchObject({
          code: 'STATE_FILE_CORRUPT',
        });
      }
    });

    test('a length that is not the recorded one is found before reading', async () => {
      const { handle, bytes } = await writtenBytes();
      const files = [{ ...handleOf(bytes), sizeBytes: bytes.length + 1 }];
      await expect(openBackend(kind).restore([{ ...handle, files }])).rejects.toMatchObject({
        code: 'STATE_FILE_CORRUPT',
      });
    });

    test('a missing file is named', async () => {
      const { handle } = await writtenBytes();
      const file = { location: { kind: 'file', scope: 'exclusive', path: 'gone' }, sizeBytes: 1, crc32: 0 } as const;
      const damaged = { ...handle, files: [file], directories: { exclusive: '/nowhere', shared: '/nowhere' } };
      await expect(openBackend(kind).restore([damaged])).rejects.toMatchObject({
        code: 'STATE_FILE_MISSING',
        args: ['/nowhere', '/nowhere/gone'],
      });
    });
  });

  describe('changes of type', () => {
    async function saved(write: (backend: KeyedStateBackend) => void): Promise<KeyedStateBackend> {
      const first = openBackend(kind);
      first.setCurrentKey('k');
      write(first);
      const second = openBackend(kind, { cacheEntries: 1 });
      await second.restore(await complete(first.snapshot(1, new MemoryStateFiles())));
      second.setCurrentKey('k');
      return second;
    }

    test('a wider number, an optional field and a lost field are taken over', async () => {
      const second = await saved((backend) => {
        for (let i = 0; i < 50; i++) {
          backend.setCurrentKey(i);
          backend.getValueState(new ValueStateDescriptor('n', Types.int)).update(i);
          backend
            .getValueState(new ValueStateDescriptor('row', Types.row({ a: Types.int, b: Types.int })))
            .update({ a: i, b: 2 });
        }
      });
      const number = second.getValueState(new ValueStateDescriptor('n', Types.double));
      const row = second.getValueState(
        new ValueStateDescriptor('row', Types.row({ a: Types.long, c: Types.optional(Types.string) })),
      );
      second.setCurrentKey(7);
      number.update(number.value()! + 0.5);
      const third = openBackend(other);
      await third.restore(await complete(second.snapshot(2, new MemoryStateFiles())));
      third.setCurrentKey(7);
      expect(third.getValueState(new ValueStateDescriptor('n', Types.double)).value()).toBe(7.5);
      expect(row.value()).toMatchObject({ a: 7 });
    });

    test('another type, kind or namespace is refused with both', async () => {
      const second = await saved((backend) =>
        backend.getValueState(new ValueStateDescriptor('s', Types.string)).update('x'),
      );
      expect(() => second.getValueState(new ValueStateDescriptor('s', Types.int))).toThrow(
        /"s" has type \{"kind":"string"\}.*\{"kind":"int"\}/,
      );
      expect(() => second.getListState(new ListStateDescriptor('s', Types.string))).toThrow(
        /a value state.*a list state/,
      );
      expect(() =>
        second.getValueState(new ValueStateDescriptor('s', Types.string), { namespaceType: Types.string }),
      ).toThrow(/none/);
    });

    test('another key type is refused', async () => {
      const first = openBackend(kind, { keyType: Types.string });
      first.setCurrentKey('k');
      first.getValueState(new ValueStateDescriptor('s')).update(1);
      const handles = await complete(first.snapshot(1, new MemoryStateFiles()));
      const second = openBackend(kind, { keyType: Types.int });
      await expect(second.restore(handles)).rejects.toMatchObject({ code: 'STATE_KEY_TYPE_CHANGED' });
    });

    test('a state may get and lose its time to live', async () => {
      const descriptor = () => new MapStateDescriptor('m', Types.string, Types.int);
      const second = await saved((backend) => {
        for (const key of ['k', 'l', 'm']) {
          backend.setCurrentKey(key);
          backend.getMapState(descriptor()).put('a', 1);
        }
      });
      const withTtl = second.getMapState(descriptor().enableTimeToLive(ttl()));
      expect(withTtl.get('a')).toBe(1);
      const third = openBackend(kind);
      await third.restore(await complete(second.snapshot(2, new MemoryStateFiles())));
      third.setCurrentKey('l');
      expect(third.getMapState(descriptor()).get('a')).toBe(1);
    });
  });

  const ttl = (overrides = {}) => ({
    ttlMs: 100,
    updateType: StateTtlUpdateType.OnCreateAndWrite,
    visibility: StateVisibility.NeverReturnExpired,
    ...overrides,
  });

  describe('time to live', () => {
    function open(config = {}) {
      const clock = { nowMs: 1000 };
      const backend = openBackend(kind, { nowMs: () => clock.nowMs });
      const config_ = ttl(config);
      const value = backend.getValueState(new ValueStateDescriptor('v', Types.int).enableTimeToLive(config_));
      const list = backend.getListState(new ListStateDescriptor('l', Types.int).enableTimeToLive(config_));
      const map = backend.getMapState(new MapStateDescriptor('m', Types.string, Types.int).enableTimeToLive(config_));
      backend.setCurrentKey('k');
      return { clock, backend, value, list, map };
    }

    test('entries are gone from their time on, element by element', () => {
      const { clock, value, list, map } = open();
      value.update(1);
      list.add(1);
      map.put('a', 1);
      clock.nowMs = 1050;
      list.add(2);
      map.put('b', 2);
      clock.nowMs = 1099;
      expect([value.value(), list.get(), map.contains('a')]).toEqual([1, [1, 2], true]);
      clock.nowMs = 1100;
      expect([value.value(), list.get(), [...map.entries()], map.get('a')]).toEqual([
        undefined,
        [2],
        [['b', 2]],
        undefined,
      ]);
      clock.nowMs = 1150;
      expect([list.get(), map.isEmpty()]).toEqual([[], true]);
    });

    test('writing renews, reading only when asked to', () => {
      const reading = open({ updateType: StateTtlUpdateType.OnReadAndWrite });
      const writing = open();
      for (const { clock, value, list, map } of [reading, writing]) {
        value.update(1);
        list.add(1);
        map.put('a', 1);
        clock.nowMs = 1060;
        value.value();
        list.get();
        map.get('a');
        clock.nowMs = 1120;
      }
      expect([reading.value.value(), reading.list.get(), reading.map.get('a')]).toEqual([1, [1], 1]);
      expect([writing.value.value(), writing.list.get(), writing.map.get('a')]).toEqual([undefined, [], undefined]);
    });

    test('expired values may be shown once before they are cleaned up', () => {
      const { clock, value, list, map } = open({ visibility: StateVisibility.ReturnExpiredIfNotCleanedUp });
      value.update(1);
      list.add(1);
      map.put('a', 1);
      clock.nowMs = 2000;
      expect([value.value(), list.get(), map.get('a')]).toEqual([1, [1], 1]);
      expect([value.value(), list.get(), map.get('a')]).toEqual([undefined, [], undefined]);
    });

    test('snapshots leave expired entries out', async () => {
      const { clock, backend, value } = open();
      for (let i = 0; i < 100; i++) {
        backend.setCurrentKey(i);
        value.update(i);
      }
      clock.nowMs = 1050;
      backend.setCurrentKey(5);
      value.update(55);
      clock.nowMs = 1120;
      const run = backend.snapshot(1, new MemoryStateFiles());
      const second = openBackend(kind);
      await second.restore(await complete(run));
      const restored = second.getValueState(new ValueStateDescriptor('v', Types.int).enableTimeToLive(ttl()));
      const keys: unknown[] = [];
      second.forEachKey('v', (key) => keys.push(key));
      second.setCurrentKey(5);
      expect([keys, restored.value()]).toEqual([[5], 55]);
    });

    test('cells that expired in the store go, too: from memory, from the store and from checkpoints', async () => {
      const { clock, backend, value, list, map } = open();
      for (let i = 0; i < 1000; i++) {
        backend.setCurrentKey(i);
        value.update(i);
        list.add(i);
        map.put('a', i);
      }
      const [full] = await complete(backend.snapshot(1, new MemoryStateFiles()));
      backend.notifyCheckpointComplete(1);
      clock.nowMs = 1050;
      for (let i = 0; i < 1000; i += 100) {
        backend.setCurrentKey(i);
        value.update(-i);
      }
      clock.nowMs = 1110;
      for (let i = 0; i < 20_000; i++) {
        backend.setCurrentKey('other');
        value.value();
        list.get();
        map.get('a');
      }
      const keysOf = (of: KeyedStateBackend) =>
        ['v', 'l', 'm'].map((name) => {
          const keys: unknown[] = [];
          of.forEachKey(name, (key) => keys.push(key));
          return keys.sort((a, b) => Number(a) - Number(b));
        });
      const alive = Array.from({ length: 10 }, (_, i) => i * 100);
      expect(keysOf(backend)).toEqual([alive, [], []]);
      const handles = await complete(backend.snapshot(2, new MemoryStateFiles()));
      expect(full!.files[0]!.sizeBytes).toBeGreaterThan(10_000);
      const second = openBackend(other);
      await second.restore(handles);
      expect(keysOf(second)).toEqual([alive, [], []]);
    });

    test('keys never asked for again are cleaned up by the accesses of others', () => {
      const { clock, backend, value } = open();
      for (let i = 0; i < 20; i++) {
        backend.setCurrentKey(i);
        value.update(i);
      }
      clock.nowMs = 5000;
      backend.setCurrentKey('other');
      for (let i = 0; i < 40; i++) value.update(i);
      const keys: unknown[] = [];
      backend.forEachKey('v', (key) => keys.push(key));
      expect(keys).toEqual(['other']);
    });
  });

  describe('keys', () => {
    test.each([undefined, null])('a key that is %s is refused', (key) => {
      const { backend, count } = openStates(openBackend(kind));
      const use = () => {
        backend.setCurrentKey(key);
        count.update(1);
      };
      expect(use).toThrow(expect.objectContaining({ code: 'KEY_MISSING' }));
    });

    test('equal objects are one key, and equal map keys one entry', () => {
      const { backend, count, map } = openStates(openBackend(kind));
      backend.setCurrentKey({ a: 1, b: [2] });
      count.update(1);
      map.put({ x: 1, y: 2 }, 5);
      backend.setCurrentKey({ b: [2], a: 1 });
      expect([count.value(), map.get({ y: 2, x: 1 }), map.contains({ x: 1 })]).toEqual([1, 5, false]);
    });

    test('forEachKey visits every key of the state once, and may change it', () => {
      const { backend, count, list } = openStates(openBackend(kind));
      for (let i = 0; i < 100; i++) {
        backend.setCurrentKey(i);
        if (i % 2 === 0) count.update(i);
        list.add('x');
      }
      backend.setCurrentKey('before');
      const visited: unknown[] = [];
      backend.forEachKey('count', (key) => {
        visited.push(key);
        expect(count.value()).toBe(key);
        if ((key as number) < 50) count.clear();
        backend.setCurrentKey(`new ${key}`);
        count.update(-1);
      });
      expect(visited.sort((a, b) => (a as number) - (b as number))).toEqual(
        Array.from({ length: 50 }, (_, i) => i * 2),
      );
      expect(backend.currentKey()).toBe('before');
      let left = 0;
      backend.forEachKey('count', () => left++);
      expect(left).toBe(75);
    });

    test('memory stays flat while keys come and go', () => {
      const { backend, count, windowList, timers } = openStates(openBackend(kind));
      for (let i = 0; i < 20_000; i++) {
        backend.setCurrentKey(`key ${i}`);
        count.update(i);
        windowList.setCurrentNamespace(windowOf(i % 7));
        windowList.add(i);
        timers.registerEventTimeTimer(undefined, i + 5);
        backend.setCurrentKey(`key ${i - 5}`);
        count.clear();
        windowList.setCurrentNamespace(windowOf((i - 5) % 7));
        windowList.clear();
        timers.advanceWatermark(i, 10);
      }
      expect(backend.statistics().entries).toBeLessThan(60);
    });
  });

  describe('panes', () => {
    const descriptor = new AggregatingStateDescriptor<number, number, number>(
      'sum',
      { createAccumulator: () => 0, add: (v, a) => a + v, getResult: (a) => a, merge: (a, b) => a + b },
      Types.double,
    );

    test('are found again after a restore and hold the values of the state', async () => {
      const backend = openBackend(kind);
      const panes = backend.getPaneState<number>(descriptor, windowType());
      const state = backend.getAggregatingState(descriptor, { namespaceType: windowType() });
      const pane = panes.open(windowOf(1));
      for (let i = 0; i < 100; i++) {
        backend.setCurrentKey(`k${i}`);
        pane.put((pane.get() ?? 0) + i);
        state.setCurrentNamespace(windowOf(1));
        state.add(1);
      }
      const second = openBackend(kind);
      await second.restore(await complete(backend.snapshot(1, new MemoryStateFiles())));
      const restored = second.getPaneState<number>(descriptor, windowType());
      const sums = new Map<unknown, number>();
      for (const each of restored.all()) {
        expect(each.namespace).toEqual(windowOf(1));
        each.forEach((value, key) => {
          expect(second.currentKey()).toBe(key);
          sums.set(key, value);
        });
      }
      expect(sums).toEqual(new Map(Array.from({ length: 100 }, (_, i) => [`k${i}`, i + 1])));
    });

    test('keep what a snapshot needs when values are put unseen, changed in place, removed or dropped', async () => {
      const backend = openBackend(kind);
      const totals = new AggregatingStateDescriptor<number, { n: number }, number>('total', {
        createAccumulator: () => ({ n: 0 }),
        add: (value, accumulator) => ({ n: accumulator.n + value }),
        getResult: ({ n }) => n,
      });
      const panes = backend.getPaneState<{ n: number }>(totals, windowType());
      const keys = Array.from({ length: 40 }, (_, i) => i);
      for (const window of [0, 1]) {
        for (const key of keys) {
          backend.setCurrentKey(key);
          panes.open(windowOf(window)).put({ n: key });
        }
      }
      const run = backend.snapshot(1, new MemoryStateFiles());
      backend.setCurrentKey(1);
      panes.open(windowOf(0)).put({ n: -1 });
      backend.setCurrentKey(2);
      panes.open(windowOf(0)).remove();
      panes.open(windowOf(0)).forEach((value, key) => {
        if (key === 3) value.n = -3;
      });
      panes.drop(windowOf(1));
      backend.setCurrentKey(4);
      panes.open(windowOf(1)).put({ n: -4 });
      const second = openBackend(kind);
      await second.restore(await complete(run));
      const found: [number, unknown, number][] = [];
      for (const pane of second.getPaneState<{ n: number }>(totals, windowType()).all()) {
        const { start } = pane.namespace as { start: number };
        pane.forEachReadOnly((value, key) => found.push([start, key, value.n]));
      }
      const expected = [0, 10].flatMap((start) => keys.map((key) => [start, key, key]));
      const order = (a: readonly unknown[], b: readonly unknown[]) =>
        Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]);
      expect(found.sort(order)).toEqual(expected);
    });

    test('deltas know of panes that were dropped since, also of those that were never stored', async () => {
      const backend = openBackend(kind, { cacheEntries: 1000 });
      const panes = backend.getPaneState<number>(descriptor, windowType());
      for (const window of [0, 1]) {
        for (let i = 0; i < 60; i++) {
          backend.setCurrentKey(i);
          panes.open(windowOf(window)).put(i);
        }
      }
      await complete(backend.snapshot(1, new MemoryStateFiles()));
      backend.notifyCheckpointComplete(1);
      panes.drop(windowOf(0));
      const second = openBackend(other);
      await second.restore(await complete(backend.snapshot(2, new MemoryStateFiles())));
      const restored = second.getPaneState<number>(descriptor, windowType());
      expect(Array.from(restored.all(), ({ namespace }) => namespace)).toEqual([windowOf(1)]);
    });

    test('what is left of a dropped pane goes in steps, while the namespace is used again', () => {
      const backend = openBackend(kind, { dropCells: 7 });
      const panes = backend.getPaneState<number>(descriptor, windowType());
      const fill = (value: number) => {
        const pane = panes.open(windowOf(0));
        for (let i = 0; i < 100; i++) {
          backend.setCurrentKey(i);
          pane.put(value);
        }
      };
      const contents = () => {
        const values = new Map<unknown, number>();
        panes.find(windowOf(0))?.forEach((value, key) => {
          values.set(key, value);
        });
        return values;
      };
      fill(1);
      panes.drop(windowOf(0));
      expect(contents().size).toBe(0);
      let steps = 0;
      for (let value = 2; backend.cleanUp(0) && value < 30; value++, steps++) {
        fill(value);
        expect(new Set(contents().values())).toEqual(new Set([value]));
      }
      expect(steps > 5).toBe(kind === 'disk');
      fill(50);
      expect(contents().size).toBe(100);
    });

    test('a delta after the next checkpoint keeps what was put into a window since it was dropped', async () => {
      const backend = openBackend(kind, { cacheEntries: 24, dropCells: 1 });
      const panes = backend.getPaneState<number>(descriptor, windowType());
      addBallast(backend);
      const fill = (value: number) => {
        for (let i = 0; i < 60; i++) {
          backend.setCurrentKey(i);
          panes.open(windowOf(0)).put(value);
        }
      };
      fill(1);
      await complete(backend.snapshot(1, new MemoryStateFiles()));
      backend.notifyCheckpointComplete(1);
      panes.drop(windowOf(0));
      fill(2);
      await complete(backend.snapshot(2, new MemoryStateFiles()));
      backend.notifyCheckpointComplete(2);
      while (backend.cleanUp(0));
      const second = openBackend(other);
      await second.restore(await complete(backend.snapshot(3, new MemoryStateFiles())));
      const values: number[] = [];
      second
        .getPaneState<number>(descriptor, windowType())
        .find(windowOf(0))
        ?.forEach((value) => {
          values.push(value);
        });
      expect(values).toEqual(Array.from({ length: 60 }, () => 2));
    });

    test('more dropped panes than may wait go at once, and all are gone', () => {
      const backend = openBackend(kind, { dropCells: 3 });
      const panes = backend.getPaneState<number>(descriptor, windowType());
      for (let round = 0; round < 60; round++) {
        const pane = panes.open(windowOf(round % 2));
        for (let i = 0; i < 30; i++) {
          backend.setCurrentKey(i);
          expect(pane.get()).toBe(undefined);
          pane.put(round);
        }
        panes.drop(windowOf(round % 2));
      }
      while (backend.cleanUp(0));
      expect([[...panes.all()].length, backend.statistics().entries]).toEqual([0, 0]);
    });

    test('a dropped pane is gone for every key and can be opened anew', () => {
      const backend = openBackend(kind);
      const panes = backend.getPaneState<number>(descriptor, windowType());
      for (let i = 0; i < 60; i++) {
        backend.setCurrentKey(i);
        panes.open(windowOf(0)).put(i);
        panes.open(windowOf(1)).put(i);
      }
      panes.drop(windowOf(0));
      backend.setCurrentKey(3);
      expect([panes.open(windowOf(0)).get(), panes.open(windowOf(1)).get(), [...panes.all()].length]).toEqual([
        undefined,
        3,
        1,
      ]);
      panes.open(windowOf(0)).put(9);
      expect([panes.open(windowOf(0)).get(), [...panes.all()].length]).toEqual([9, 2]);
    });

    function windowType() {
      return Types.row({ start: Types.long, end: Types.long });
    }
  });
}
