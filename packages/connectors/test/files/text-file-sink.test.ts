import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeContext, SinkContext } from '@yeoul/engine';
import { formatRecord } from '@yeoul/engine';
import { expect, test } from 'vitest';
import { TextFileSink } from '../../src/files/index.ts';
import { toCsvRow } from '../../src/files/sink/csv-row.ts';
import { makeDirectory } from './temporary-directory.ts';

const context: SinkContext = { currentProcessingTime: () => 0, currentWatermark: () => 0, timestamp: () => undefined };

interface OpenOptions {
  readonly path: string;
  readonly overwrite?: boolean;
  readonly subtask?: number;
  readonly parallelism?: number;
  readonly attempt?: number;
  readonly restored?: readonly unknown[];
}

function open({ path, overwrite = false, subtask = 0, parallelism = 1, attempt = 0, restored }: OpenOptions) {
  const sink = new TextFileSink<unknown>({ path, overwrite, toRow: (record) => `${formatRecord(record)}\n` });
  let state = [...(restored ?? [])];
  sink.setRuntimeContext({
    indexOfThisSubtask: subtask,
    numberOfParallelSubtasks: parallelism,
    attemptNumber: attempt,
  } as RuntimeContext);
  const list = { get: () => state, update: (values: Iterable<unknown>) => (state = [...values]) };
  sink.initializeState({
    isRestored: restored !== undefined,
    restoredCheckpointId: undefined,
    operatorStateStore: { getListState: () => list } as never,
    currentProcessingTime: () => 0,
    warn: () => {},
  });
  return { write: (record: unknown) => sink.invoke(record, context), sink, state: () => state };
}

test('one subtask writes a file; several write 1, 2, … in a folder', async () => {
  const directory = makeDirectory();
  const path = join(directory, 'out.txt');
  const { write, sink } = open({ path });
  for (const record of ['a', 7, { b: 1 }, ['c', 2]]) write(record);
  await sink.finish();
  sink.close();
  expect(readFileSync(path, 'utf8')).toBe('a\n7\n{"b":1}\n(c,2)\n');
  for (const subtask of [0, 1]) {
    const part = open({ path: join(directory, 'many'), subtask, parallelism: 2 });
    part.write(`from ${subtask}`);
    await part.sink.finish();
    part.sink.close();
  }
  expect(readFileSync(join(directory, 'many', '2'), 'utf8')).toBe('from 1\n');
});

test('what exists is replaced only when asked to, or when an earlier attempt made it', () => {
  const path = join(makeDirectory(), 'out.txt');
  writeFileSync(path, 'precious\n');
  expect(() => open({ path })).toThrow(
    `Output ${path} already exists: choose another path, or allow it to be replaced with`,
  );
  expect(readFileSync(path, 'utf8')).toBe('precious\n');
  open({ path, attempt: 1 }).sink.close();
  expect(readFileSync(path, 'utf8')).toBe('');
  writeFileSync(path, 'x');
  open({ path: `file://${path}`, overwrite: true }).sink.close();
  expect(readFileSync(path, 'utf8')).toBe('');
});

test('replacing a folder removes output of more subtasks, and nothing else', () => {
  const path = join(makeDirectory(), 'out');
  mkdirSync(path);
  for (const name of ['1', '2', '3', '10', 'notes', '0']) writeFileSync(join(path, name), 'old');
  for (const subtask of [0, 1]) open({ path, overwrite: true, subtask, parallelism: 2 }).sink.close();
  expect(readdirSync(path).sort()).toEqual(['0', '1', '2', 'notes']);
});

test('a restore cuts the file to what the checkpoint holds and goes on', async () => {
  const path = join(makeDirectory(), 'out.txt');
  const first = open({ path });
  first.write('a');
  await first.sink.snapshotState();
  first.write('lost');
  await first.sink.finish();
  first.sink.close();
  const second = open({ path, restored: first.state() });
  second.write('b');
  await second.sink.finish();
  second.sink.close();
  expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
  expect(() => open({ path, restored: first.state(), parallelism: 3 })).toThrow(
    'was written with parallelism 1 and cannot be continued with 3',
  );
  writeFileSync(path, '');
  expect(() => open({ path, restored: first.state() })).toThrow('has 0 bytes, fewer than the 2');
  expect(existsSync(path)).toBe(true);
});

test('CSV rows are quoted where they must be', () => {
  expect(toCsvRow(['a', 1, null, undefined, 'x,y', 'say "hi"', 'two\nlines'], ',', '\n')).toBe(
    'a,1,,,"x,y","say ""hi""","two\nlines"\n',
  );
  expect(toCsvRow({ a: 1, b: new Date(0) }, ';', '\r\n')).toBe('1;1970-01-01T00:00:00.000Z\r\n');
  expect(toCsvRow({ a: 1, b: 2, c: 3 }, ',', '\n', ['c', 'a', 'missing'])).toBe('3,1,\n');
  expect(toCsvRow('plain', ',', '\n')).toBe('plain\n');
});
