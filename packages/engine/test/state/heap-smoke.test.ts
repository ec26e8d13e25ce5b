import { expect, test } from 'vitest';
import { ListStateDescriptor, ValueStateDescriptor } from '../../src/api/state.ts';
import { Types } from '../../src/api/type-information.ts';
import { createKeyedStateBackend } from '../../src/state/index.ts';
import { MemoryStateFiles } from './memory-state-files.ts';

const make = () =>
  createKeyedStateBackend({
    kind: 'heap',
    keyType: undefined,
    keyGroupRange: { start: 0, end: 127 },
    maxParallelism: 128,
    workDirectory: '',
    nowMs: () => 0,
  });

test('smoke', async () => {
  const backend = make();
  const value = backend.getValueState(new ValueStateDescriptor('v', Types.int));
  const list = backend.getListState(new ListStateDescriptor<string>('l'), { namespaceType: Types.generic() });
  for (let i = 0; i < 1000; i++) {
    backend.setCurrentKey(i);
    value.update(i * 2);
    list.setCurrentNamespace({ start: i % 3 });
    list.add(`x${i}`);
  }
  const run = backend.snapshot(1, new MemoryStateFiles());
  backend.setCurrentKey(5);
  value.update(-1);
  list.setCurrentNamespace({ start: 2 });
  list.add('later');
  while (!run.step(1));
  const handles = await run.finish();
  const again = make();
  await again.restore(handles);
  const value2 = again.getValueState(new ValueStateDescriptor('v', Types.int));
  const list2 = again.getListState(new ListStateDescriptor<string>('l'), { namespaceType: Types.generic() });
  again.setCurrentKey(5);
  list2.setCurrentNamespace({ start: 2 });
  expect([value2.value(), list2.get()]).toEqual([10, ['x5']]);
  expect([value.value(), list.get()]).toEqual([-1, ['x5', 'later']]);
});
