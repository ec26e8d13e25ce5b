import { expect, test } from 'vitest';
import { ListStateDescriptor, MapStateDescriptor, StateTtlUpdateType, StateVisibility } from '../../src/api/state.ts';
import { Types } from '../../src/api/type-information.ts';
import { createOperatorStateBackend } from '../../src/state/index.ts';
import { measureKeyedStates, readKeyedState, readOperatorState } from '../../src/state/read-state.ts';
import { MemoryStateFiles } from './memory-state-files.ts';
import { type BackendKind, complete, groupOf, openBackend, openStates, windowOf } from './state-fixture.ts';

const kinds: readonly BackendKind[] = ['heap', 'disk'];

async function all<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const entry of entries) result.push(entry);
  return result;
}

const byKey = (a: { key: unknown }, b: { key: unknown }) => (String(a.key) < String(b.key) ? -1 : 1);

test.each(kinds)('entries of every kind are read without the program, %s', async (kind) => {
  const states = openStates(openBackend(kind));
  for (const key of ['a', 'b']) {
    states.backend.setCurrentKey(key);
    states.count.update(key.charCodeAt(0));
    states.list.addAll([key, 'x']);
    states.map.put({ k: key }, 1);
    states.windowList.setCurrentNamespace(windowOf(1));
    states.windowList.add(7);
    states.timers.registerEventTimeTimer('ns', 50);
    states.timers.registerEventTimeTimer('ns', 60);
  }
  const handles = await complete(states.backend.snapshot(1, new MemoryStateFiles(true)));
  const read = async (name: string) => (await all(readKeyedState(handles, name))).sort(byKey);
  const [a, b] = [groupOf('a'), groupOf('b')];
  expect(await read('count')).toEqual([
    { keyGroup: a, key: 'a', namespace: undefined, value: 97 },
    { keyGroup: b, key: 'b', namespace: undefined, value: 98 },
  ]);
  expect((await read('list')).map(({ value }) => value)).toEqual([
    ['a', 'x'],
    ['b', 'x'],
  ]);
  expect((await read('map'))[0]?.value).toEqual(new Map([[{ k: 'a' }, 1]]));
  expect((await read('windowList'))[1]).toEqual({ keyGroup: b, key: 'b', namespace: windowOf(1), value: [7] });
  expect((await read('_timer_state/event_test')).map(({ key, value }) => [key, value])).toEqual([
    ['a', 50],
    ['a', 60],
    ['b', 50],
    ['b', 60],
  ]);
  expect(await read('nothing')).toEqual([]);
  expect((await measureKeyedStates(handles)).get('count')).toMatchObject({ rows: 2, isExact: true });
});

test('of a chain of increments only what a restore would load is read', async () => {
  const states = openStates(openBackend('disk', { cacheEntries: 4 }));
  const update = (key: string, value: number) => {
    states.backend.setCurrentKey(key);
    states.count.update(value);
  };
  for (let i = 0; i < 40; i++) update(`k${i}`, i);
  await complete(states.backend.snapshot(1, new MemoryStateFiles()));
  states.backend.notifyCheckpointComplete(1);
  update('k1', 100);
  states.backend.setCurrentKey('k2');
  states.count.clear();
  const handles = await complete(states.backend.snapshot(2, new MemoryStateFiles()));
  const entries = await all(readKeyedState(handles, 'count'));
  expect(entries.length).toBe(39);
  expect(entries.find(({ key }) => key === 'k1')?.value).toBe(100);
  expect(entries.find(({ key }) => key === 'k2')).toBeUndefined();
});

test('values with a time to live come with the time of writing, not wrapped in it', async () => {
  const backend = openBackend('heap', { nowMs: () => 5000 });
  const map = backend.getMapState(
    new MapStateDescriptor('seen', Types.string, Types.int).enableTimeToLive({
      ttlMs: 60_000,
      updateType: StateTtlUpdateType.OnCreateAndWrite,
      visibility: StateVisibility.NeverReturnExpired,
    }),
  );
  backend.setCurrentKey('a');
  map.put('x', 1);
  const handles = await complete(backend.snapshot(1, new MemoryStateFiles(true)));
  expect(await all(readKeyedState(handles, 'seen'))).toEqual([
    { keyGroup: groupOf('a'), key: 'a', namespace: undefined, value: new Map([['x', 1]]), writtenMs: 5000 },
  ]);
});

test('operator state is read element by element', async () => {
  const backend = createOperatorStateBackend();
  backend.getListState(new ListStateDescriptor('offsets', Types.long)).addAll([10, 20]);
  backend.getBroadcastState(new MapStateDescriptor('rules', Types.string, Types.string)).put('a', 'one');
  const handle = (await backend.snapshot(1, new MemoryStateFiles()))!;
  expect(await all(readOperatorState([handle], 'offsets'))).toEqual([
    { index: 0, value: 10 },
    { index: 1, value: 20 },
  ]);
  expect(await all(readOperatorState([handle], 'rules'))).toEqual([{ index: 0, value: new Map([['a', 'one']]) }]);
});
