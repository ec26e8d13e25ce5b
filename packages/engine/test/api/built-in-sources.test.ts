import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollectionSource, NumberSequenceSource } from '../../src/api/collection-source.ts';
import { GeneratorSource } from '../../src/api/generator-source.ts';
import type { Source, SourceReader } from '../../src/api/source.ts';

const context = {} as never;

/** Reads until the end, or until at least `stopAfter` records came. */
async function read<T, S>(reader: SourceReader<T, S>, stopAfter = Number.POSITIVE_INFINITY): Promise<T[]> {
  const records: T[] = [];
  const output = { collect: (value: T) => void records.push(value) } as never;
  for (;;) {
    const next = reader.pollNext(output);
    if (next === 'end' || records.length >= stopAfter) return records;
    if (next === 'wait') await reader.isAvailable();
  }
}

function readerOf<T, S>(source: Source<T, S>, splits: readonly S[]): SourceReader<T, S> {
  const reader = source.createReader(context);
  reader.addSplits(splits);
  return reader;
}

/** Reads a part, snapshots through JSON, and reads the rest in a new reader. */
async function readInTwo<T, S>(source: Source<T, S>, stopAfter: number): Promise<T[]> {
  const first = readerOf(source, await source.enumerateSplits({ parallelism: 1 }));
  const records = await read(first, stopAfter);
  const splits = JSON.parse(JSON.stringify(first.snapshotState(1))) as S[];
  return [...records, ...(await read(readerOf(source, splits)))];
}

describe('built-in sources', () => {
  it('resume where the snapshot was, without gap or repetition', async () => {
    const numbers = Array.from({ length: 100 }, (_, i) => i);
    await fc.assert(
      fc.asyncProperty(fc.nat(120), async (stopAfter) => {
        expect(await readInTwo(new CollectionSource(numbers), stopAfter)).toEqual(numbers);
        expect(await readInTwo(new NumberSequenceSource(0, 99), stopAfter)).toEqual(numbers);
        expect(await readInTwo(new GeneratorSource(() => numbers), stopAfter)).toEqual(numbers);
      }),
    );
  });

  it('have ids of splits that stay when the position moves, and do not depend on parallelism', () => {
    const source = new NumberSequenceSource(1, 1000);
    const splits = source.enumerateSplits();
    expect(new Set(splits.map((split) => source.splitId(split))).size).toBe(splits.length);
    expect(splits[0]).toEqual({ id: 0, next: 1, end: 8 });
    expect(splits.at(-1)?.end).toBe(1001);
    expect(source.splitId({ ...(splits[3] as (typeof splits)[0]), next: 500 })).toBe(
      source.splitId(splits[3] as never),
    );
  });

  it('read asynchronous generators, and pass on their errors', async () => {
    async function* values() {
      yield 1;
      await Promise.resolve();
      yield 2;
    }
    expect(await readInTwo(new GeneratorSource(values), 1)).toEqual([1, 2]);
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error('broken');
    }
    await expect(read(readerOf(new GeneratorSource(failing), [{ taken: 0 }]))).rejects.toThrow('broken');
  });

  it('read small and odd ranges', async () => {
    const one = new NumberSequenceSource(7, 7);
    expect(await read(readerOf(one, one.enumerateSplits()))).toEqual([7]);
    const negative = new NumberSequenceSource(-3, 2);
    expect(await read(readerOf(negative, negative.enumerateSplits()))).toEqual([-3, -2, -1, 0, 1, 2]);
    const empty = new CollectionSource([]);
    expect(await read(readerOf(empty, empty.enumerateSplits()))).toEqual([]);
  });
});
