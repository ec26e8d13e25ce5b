import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import { FileSource, type FileSplit, type MonitorOptions, TextLineFormat } from '../../src/files/index.ts';
import { openReader, outputTo } from './read-source.ts';
import { makeDirectory } from './temporary-directory.ts';

/** A watcher with a clock of its own: pauses move the clock. */
class Watcher {
  nowMs = 1_000_000;
  readonly pauses: number[] = [];
  readonly source: FileSource<string>;

  constructor(directory: string, options: MonitorOptions = {}) {
    this.source = FileSource.forRecordStreamFormat(new TextLineFormat(), directory)
      .monitorContinuously(500, options)
      .withPause(async (durationMs) => {
        this.pauses.push(durationMs);
        this.nowMs += durationMs;
      })
      .build();
  }

  async shards(): Promise<readonly FileSplit[]> {
    return this.source.enumerateSplits({ parallelism: 1 });
  }

  open(splits: readonly FileSplit[]) {
    const reader = openReader(this.source, splits, { nowMs: () => this.nowMs });
    const records: string[] = [];
    const output = outputTo(records);
    return {
      reader,
      records,
      /** Looks into the directory `times` more and reads what it finds. */
      look: async (times = 1): Promise<string[]> => {
        const until = this.pauses.length + times;
        while (this.pauses.length < until) if (reader.pollNext(output) === 'wait') await reader.isAvailable();
        return records.splice(0);
      },
    };
  }
}

let directory = '';
beforeEach(() => {
  directory = makeDirectory();
});

function put(name: string, text: string, modifiedMs = 0): void {
  writeFileSync(join(directory, name), text);
  utimesSync(join(directory, name), modifiedMs / 1000, modifiedMs / 1000);
}

test('files are read as they appear, oldest first, each once; an empty directory is waited on', async () => {
  const watcher = new Watcher(directory);
  const { look } = watcher.open(await watcher.shards());
  expect(await look()).toEqual([]);
  put('b', 'b1\nb2\n', 1000);
  put('a', 'a1\n', 2000);
  put('_hidden', 'x\n');
  expect(await look()).toEqual(['b1', 'b2', 'a1']);
  put('a', 'changed\n', 3000);
  put('c.gz', '');
  writeFileSync(join(directory, 'c.gz'), gzipSync('c1\n'));
  expect(await look()).toEqual(['c1']);
  expect(await look()).toEqual([]);
  expect(new Set(watcher.pauses)).toEqual(new Set([500]));
});

test('a modified file is read again when asked to; a file that went and came back is new', async () => {
  const watcher = new Watcher(directory, { whenModified: 'reread' });
  const { look } = watcher.open(await watcher.shards());
  put('a', 'a1\n', 1000);
  expect(await look()).toEqual(['a1']);
  put('a', 'a1\na2\n', 2000);
  expect(await look()).toEqual(['a1', 'a2']);
  rmSync(join(directory, 'a'));
  expect(await look()).toEqual([]);
  put('a', 'again\n', 2000);
  expect(await look()).toEqual(['again']);
});

test('a young file waits until it has settled', async () => {
  const watcher = new Watcher(directory, { minAge: 1200 });
  const { look } = watcher.open(await watcher.shards());
  put('a', 'a1\n', watcher.nowMs);
  expect(await look(3)).toEqual([]);
  expect(await look()).toEqual(['a1']);
});

test('after a restore at any record and parallelism every line comes once, new files included', async () => {
  const watcher = new Watcher(directory);
  for (let i = 0; i < 12; i++) put(`file-${i}`, `${i}-a\n${i}-b\n${i}-c\n`, i * 1000);
  let splits = await watcher.shards();
  const seen: string[] = [];
  for (let round = 0; round < 9; round++) {
    const parallelism = (round % 3) + 1;
    const next: FileSplit[] = [];
    for (let subtask = 0; subtask < parallelism; subtask++) {
      const { reader } = watcher.open(splits.filter((_, i) => i % parallelism === subtask));
      const output = outputTo(seen);
      for (let polls = 0; polls < 6; polls++) if (reader.pollNext(output) === 'wait') await reader.isAvailable();
      next.push(...structuredClone(reader.snapshotState(1)));
      await reader.close?.();
    }
    splits = next.sort((a, b) => watcher.source.splitId(a).localeCompare(watcher.source.splitId(b)));
    put(`new-${round}`, `new-${round}\n`, 100_000 + round);
  }
  seen.push(...(await watcher.open(splits).look(2)));
  const files = Array.from({ length: 12 }, (_, i) => [`${i}-a`, `${i}-b`, `${i}-c`]).flat();
  expect(seen.sort()).toEqual([...files, ...Array.from({ length: 9 }, (_, i) => `new-${i}`)].sort());
});

test('a directory that is missing is an error at once', async () => {
  const watcher = new Watcher(join(directory, 'none'));
  await expect(watcher.shards()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

test('closing ends the wait for the next look', async () => {
  const source = FileSource.forRecordStreamFormat(new TextLineFormat(), directory)
    .monitorContinuously(1_000_000)
    .build();
  const reader = openReader(source, await source.enumerateSplits({ parallelism: 1 }), { nowMs: () => 0 });
  const output = outputTo<string>([]);
  expect(reader.pollNext(output)).toBe('wait');
  await reader.isAvailable();
  while (reader.pollNext(output) === 'more');
  const waiting = reader.isAvailable();
  await reader.close?.();
  await waiting;
});
