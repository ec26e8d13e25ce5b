// A subtask that goes on with files which several subtasks were reading when the checkpoint was taken.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReaderOutput, SourceOutput } from '@yeoul/engine';
import { expect, test } from 'vitest';
import { FileSource, type FileSplit, TextLineFormat } from '../../src/files/index.ts';
import { openReader, readSource } from './read-source.ts';
import { makeDirectory } from './temporary-directory.ts';

/** What a reader does with its outputs: `file:line`, `main:line`, `+file`, `-file`. */
function recorder(): { readonly output: ReaderOutput<string>; readonly events: string[] } {
  const events: string[] = [];
  const nameOf = (splitId: string): string => /([^/\\]+)@/.exec(splitId)?.[1] ?? splitId;
  const named = (name: string): SourceOutput<string> => ({
    collect: (line) => events.push(`${name}:${line}`),
    collectWithTimestamp: (line) => events.push(`${name}:${line}`),
    emitWatermark: () => {},
    markIdle: () => {},
  });
  const output: ReaderOutput<string> = {
    ...named('main'),
    createOutputForSplit(splitId) {
      events.push(`+${nameOf(splitId)}`);
      return named(nameOf(splitId));
    },
    releaseOutputForSplit: (splitId) => events.push(`-${nameOf(splitId)}`),
  };
  return { output, events };
}

test('begun files come first, each holds the watermark until it is read', async () => {
  const directory = makeDirectory();
  for (const name of ['a', 'b', 'c']) writeFileSync(join(directory, name), `${name}1\n${name}2\n`);
  const source = FileSource.forRecordStreamFormat(new TextLineFormat(), directory).build();
  const [a, ...others] = (await source.enumerateSplits({ parallelism: 1 })) as FileSplit[];
  const begun: FileSplit[] = [];
  for (const split of others) begun.push(...(await readSource(source, { restored: [split], limit: 1 })).snapshot);
  const { output, events } = recorder();
  const reader = openReader(source, [a as FileSplit, ...begun]);
  while (reader.pollNext(output) !== 'end');
  expect(events).toEqual(['+b', '+c', 'b:b2', '-b', 'c:c2', '-c', 'main:a1', 'main:a2']);
});
