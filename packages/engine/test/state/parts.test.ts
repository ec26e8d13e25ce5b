// Large lists and maps of the disk backend: kept in parts, restorable everywhere, and bounded in memory.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ListStateDescriptor, MapStateDescriptor, StateTtlUpdateType, StateVisibility } from '../../src/api/state.ts';
import { Types } from '../../src/api/type-information.ts';
import { partOfKey, siblingOfLast } from '../../src/state/parts.ts';
import { readKeyedState } from '../../src/state/read-state.ts';
import { MemoryStateFiles } from './memory-state-files.ts';
import { type BackendKind, complete, openBackend, windowOf, windowType } from './state-fixture.ts';

const ENTRIES = 700;
const mapDescriptor = new MapStateDescriptor('map', Types.int, Types.int);
const listDescriptor = new ListStateDescriptor('list', Types.int);

function openLarge(kind: BackendKind, cacheEntries = 8) {
  const backend = openBackend(kind, { cacheEntries });
  const map = backend.getMapState(mapDescriptor);
  const list = backend.getListState(listDescriptor);
  return { backend, map, list };
}

function fill({ backend, map, list }: ReturnType<typeof openLarge>): void {
  for (const key of ['a', 'b']) {
    backend.setCurrentKey(key);
    for (let i = 0; i < ENTRIES; i++) {
      map.put(i, i * 2);
      list.add(i);
    }
  }
}

const expectedList = Array.from({ length: ENTRIES }, (_, i) => i);
const byKey = (a: readonly [number, number], b: readonly [number, number]) => a[0] - b[0];

describe('parts', () => {
  test('one more part takes entries from its sibling alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer(), (count, key) => {
        const before = partOfKey(key, count);
        const after = partOfKey(key, count + 1);
        expect(before).toBeGreaterThanOrEqual(1);
        expect(before).toBeLessThanOrEqual(count);
        if (after !== before) expect([after, before]).toEqual([count + 1, siblingOfLast(count + 1)]);
      }),
    );
  });

  test('of one key need not fit the cache', () => {
    const states = openLarge('disk');
    const { backend, map, list } = states;
    fill(states);
    backend.setCurrentKey('a');
    for (let i = 0; i < ENTRIES; i += 3) expect(map.get(i)).toBe(i * 2);
    expect(list.get()).toEqual(expectedList);
    expect([...map.entries()].sort(byKey)).toEqual(expectedList.map((i) => [i, i * 2]));
    // One more than the cache holds may be in use.
    expect(backend.statistics().entries).toBeLessThanOrEqual(9);
  });

  test('go when their elements go', async () => {
    const states = openLarge('disk');
    const { backend, map, list } = states;
    fill(states);
    backend.setCurrentKey('a');
    for (let i = 1; i < ENTRIES; i++) map.remove(i);
    expect([...map.entries()]).toEqual([[0, 0]]);
    map.remove(0);
    list.clear();
    backend.setCurrentKey('b');
    map.clear();
    list.update([7]);
    expect([map.isEmpty(), [...map.keys()], list.get()]).toEqual([true, [], [7]]);
    const handles = await complete(backend.snapshot(1, new MemoryStateFiles()));
    const rows = [];
    for await (const { key, value } of readKeyedState(handles, 'map')) rows.push([key, value]);
    for await (const { key, value } of readKeyedState(handles, 'list')) rows.push([key, value]);
    expect(rows).toEqual([['b', [7]]]);
  });

  test.each<readonly [BackendKind, BackendKind]>([
    ['disk', 'heap'],
    ['heap', 'disk'],
    ['disk', 'disk'],
  ])('are whole again after a savepoint from %s to %s and back', async (from, to) => {
    const first = openLarge(from);
    fill(first);
    const second = openLarge(to);
    await second.backend.restore(await complete(first.backend.snapshot(1, new MemoryStateFiles(true))));
    second.backend.setCurrentKey('a');
    second.map.put(ENTRIES, 1);
    second.list.add(ENTRIES);
    const third = openLarge(from);
    await third.backend.restore(await complete(second.backend.snapshot(1, new MemoryStateFiles(true))));
    for (const [key, extra] of [
      ['a', [ENTRIES]],
      ['b', []],
    ] as const) {
      third.backend.setCurrentKey(key);
      expect(third.list.get()).toEqual([...expectedList, ...extra]);
      const entries = [...expectedList.map((i) => [i, i * 2] as const), ...extra.map((i) => [i, 1] as const)];
      expect([...third.map.entries()].sort(byKey)).toEqual(entries);
    }
  });

  test('a delta has the changed parts alone', async () => {
    const states = openLarge('disk');
    fill(states);
    const { backend, map, list } = states;
    const [full] = await complete(backend.snapshot(1, new MemoryStateFiles()));
    backend.notifyCheckpointComplete(1);
    backend.setCurrentKey('b');
    map.put(17, -1);
    list.add(-1);
    const [delta] = await complete(backend.snapshot(2, new MemoryStateFiles()));
    expect(delta!.files).toHaveLength(2);
    expect(delta!.files[1]!.sizeBytes).toBeLessThan(full!.files[0]!.sizeBytes / 5);
    const second = openLarge('heap');
    await second.backend.restore([delta!]);
    second.backend.setCurrentKey('b');
    expect([second.map.get(17), second.map.get(18), second.list.get().length]).toEqual([-1, 36, ENTRIES + 1]);
  });

  test('are joined for panes', async () => {
    const first = openBackend('disk', { cacheEntries: 8 });
    const list = first.getListState(listDescriptor, { namespaceType: windowType });
    first.setCurrentKey('k');
    list.setCurrentNamespace(windowOf(1));
    for (let i = 0; i < ENTRIES; i++) list.add(i);
    const second = openBackend('disk', { cacheEntries: 8 });
    await second.restore(await complete(first.snapshot(1, new MemoryStateFiles())));
    const panes = second.getPaneState<number[]>(listDescriptor, windowType);
    const again = second.getListState(listDescriptor, { namespaceType: windowType });
    second.setCurrentKey('k');
    again.setCurrentNamespace(windowOf(1));
    again.add(ENTRIES);
    expect([...panes.all()].map((pane) => pane.namespace)).toEqual([windowOf(1)]);
    expect(panes.find(windowOf(1))!.get()).toEqual([...expectedList, ENTRIES]);
    panes.drop(windowOf(1));
    expect(again.get()).toEqual([]);
  });

  test('are read from files without the program', async () => {
    const states = openLarge('disk');
    fill(states);
    const handles = await complete(states.backend.snapshot(1, new MemoryStateFiles()));
    const found = new Map<unknown, unknown>();
    for await (const { key, value } of readKeyedState(handles, 'list')) found.set(key, value);
    for await (const { key, value } of readKeyedState(handles, 'map'))
      found.set(`${key} map`, [...(value as Map<number, number>)].sort(byKey));
    const pairs = expectedList.map((i) => [i, i * 2]);
    const expected = [...['a', 'b'].map((k) => [k, expectedList]), ...['a', 'b'].map((k) => [`${k} map`, pairs])];
    expect(found).toEqual(new Map(expected as [string, unknown][]));
  });

  const ttl = {
    ttlMs: 100,
    updateType: StateTtlUpdateType.OnCreateAndWrite,
    visibility: StateVisibility.NeverReturnExpired,
  };

  function openWithTtl(clock: { nowMs: number }) {
    const backend = openBackend('disk', { cacheEntries: 8, nowMs: () => clock.nowMs });
    const map = backend.getMapState(new MapStateDescriptor('map', Types.int, Types.int).enableTimeToLive(ttl));
    const list = backend.getListState(new ListStateDescriptor('list', Types.int).enableTimeToLive(ttl));
    return { backend, map, list };
  }

  test('expire element by element, also in snapshots', async () => {
    const clock = { nowMs: 1000 };
    const states = openWithTtl(clock);
    fill(states);
    clock.nowMs = 1050;
    states.backend.setCurrentKey('a');
    const alive = expectedList.filter((i) => i % 9 === 0);
    for (const i of alive) states.map.put(i, -i - 1);
    states.list.addAll(alive);
    clock.nowMs = 1120;
    const second = openWithTtl(clock);
    await second.backend.restore(await complete(states.backend.snapshot(1, new MemoryStateFiles())));
    for (const { backend, map, list } of [second, states]) {
      backend.setCurrentKey('a');
      expect([map.get(1), map.get(9), map.contains(10), map.isEmpty()]).toEqual([undefined, -10, false, false]);
      expect([...map.entries()].sort(byKey)).toEqual(alive.map((i) => [i, -i - 1]));
      expect(list.get()).toEqual(alive);
      backend.setCurrentKey('b');
      expect([map.isEmpty(), list.get()]).toEqual([true, []]);
    }
  });

  test('get and lose a time to live', async () => {
    const first = openLarge('disk');
    fill(first);
    const second = openBackend('disk', { cacheEntries: 8 });
    await second.restore(await complete(first.backend.snapshot(1, new MemoryStateFiles())));
    const withTtl = second.getMapState(new MapStateDescriptor('map', Types.int, Types.int).enableTimeToLive(ttl));
    second.setCurrentKey('a');
    withTtl.put(0, 5);
    expect(withTtl.get(1)).toBe(2);
    const third = openBackend('disk', { cacheEntries: 8 });
    await third.restore(await complete(second.snapshot(1, new MemoryStateFiles())));
    third.setCurrentKey('a');
    expect([...third.getMapState(mapDescriptor).entries()].sort(byKey)).toEqual(
      expectedList.map((i) => [i, i === 0 ? 5 : i * 2]),
    );
    expect(third.getListState(listDescriptor).get()).toEqual(expectedList);
  });
});
