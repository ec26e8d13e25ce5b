import { describe, expect, test } from 'vitest';
import { ListStateDescriptor, MapStateDescriptor } from '../../src/api/state.ts';
import { Types } from '../../src/api/type-information.ts';
import type { OperatorStateHandle } from '../../src/checkpoint/state-handles.ts';
import { createOperatorStateBackend } from '../../src/state/index.ts';
import { handleOf, MemoryStateFiles } from './memory-state-files.ts';

const list = new ListStateDescriptor('offsets', Types.long);
const union = new ListStateDescriptor<string>('union');
const rules = new MapStateDescriptor('rules', Types.generic<{ id: number }>(), Types.string);

async function saved(): Promise<OperatorStateHandle> {
  const backend = createOperatorStateBackend();
  backend.getListState(list).addAll([1, 2, 3]);
  backend.getUnionListState(union).add('u');
  backend.getBroadcastState(rules).put({ id: 1 }, 'one');
  return (await backend.snapshot(1, new MemoryStateFiles()))!;
}

async function restored(handles: readonly OperatorStateHandle[]) {
  const backend = createOperatorStateBackend();
  await backend.restore(handles);
  return backend;
}

/** What the assignment of state to subtasks hands out: only some of the elements. */
function withOffsets(handle: OperatorStateHandle, keep: (index: number) => boolean): OperatorStateHandle {
  const entries = handle.entries.map((entry) =>
    entry.mode === 'split' ? { ...entry, offsets: entry.offsets.filter((_, index) => keep(index)) } : entry,
  );
  return { ...handle, entries };
}

describe('operator state', () => {
  test('comes back as it was saved', async () => {
    const backend = await restored([await saved()]);
    expect([
      backend.getListState(list).get(),
      backend.getUnionListState(union).get(),
      [...backend.getBroadcastState(rules).entries()],
      backend.getBroadcastState(rules).get({ id: 1 }),
    ]).toEqual([[1, 2, 3], ['u'], [[{ id: 1 }, 'one']], 'one']);
  });

  test('split elements are dealt out, union elements go to all, broadcast stays one', async () => {
    const handle = await saved();
    const first = await restored(
      [withOffsets(handle, (i) => i < 2), handle].map((h, i) => (i === 1 ? withOffsets(h, () => false) : h)),
    );
    const second = await restored([withOffsets(handle, (i) => i >= 2)]);
    expect([first.getListState(list).get(), second.getListState(list).get()]).toEqual([[1, 2], [3]]);
    expect(first.getUnionListState(union).get()).toEqual(['u', 'u']);
    expect([...first.getBroadcastState(rules).entries()]).toEqual([[{ id: 1 }, 'one']]);
  });

  test('what changes after the snapshot began is not in it', async () => {
    const backend = createOperatorStateBackend();
    const state = backend.getListState(new ListStateDescriptor<{ n: number }>('objects'));
    const object = { n: 1 };
    state.add(object);
    const snapshot = backend.snapshot(1, new MemoryStateFiles());
    object.n = 2;
    state.clear();
    const again = await restored([(await snapshot)!]);
    expect(again.getListState(new ListStateDescriptor<{ n: number }>('objects')).get()).toEqual([{ n: 1 }]);
  });

  test('without states there is nothing to save; states that nobody asks for are saved again', async () => {
    expect(await createOperatorStateBackend().snapshot(1, new MemoryStateFiles())).toBeUndefined();
    const backend = await restored([await saved()]);
    const again = await restored([(await backend.snapshot(2, new MemoryStateFiles()))!]);
    expect(again.describeStates().map((state) => [state.name, state.kind])).toEqual([
      ['offsets', 'operator-list'],
      ['union', 'operator-union'],
      ['rules', 'broadcast'],
    ]);
    expect(again.getListState(list).get()).toEqual([1, 2, 3]);
  });

  test('a damaged file, another kind and another type are refused', async () => {
    const handle = await saved();
    const { location } = handle.file;
    const bytes = location.kind === 'inline' ? Uint8Array.from(location.bytes) : new Uint8Array(0);
    bytes[3]! ^= 1;
    const damaged = { ...handle, file: { ...handleOf(bytes), crc32: handle.file.crc32 } };
    await expect(restored([damaged])).rejects.toMatchObject({ code: 'STATE_FILE_CORRUPT' });
    const backend = await restored([handle]);
    expect(() => backend.getUnionListState(list)).toThrow(/"offsets" is a operator-list state/);
    expect(() => backend.getListState(new ListStateDescriptor('offsets', Types.string))).toThrow(/long.*string/);
  });
});
