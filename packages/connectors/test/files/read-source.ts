// Runs a source by hand, as the engine does: enumerate, deal out, poll; with snapshots taken wherever a test wants.
import type { ReaderOutput, Source, SourceOutput, SourceReader, SourceReaderContext } from '@yeoul/engine';

export interface ReadOptions<Split> {
  readonly parallelism?: number;
  readonly subtask?: number;
  /** Splits of a snapshot; undefined: a fresh start. */
  readonly restored?: readonly Split[];
  /** Stops after so many records. */
  readonly limit?: number;
  readonly nowMs?: () => number;
}

export interface ReadResult<T, Split> {
  readonly records: T[];
  /** What a checkpoint after the last record holds. */
  readonly snapshot: Split[];
}

export async function readSource<T, Split>(
  source: Source<T, Split>,
  options: ReadOptions<Split> = {},
): Promise<ReadResult<T, Split>> {
  const { parallelism = 1, subtask = 0, limit = Number.POSITIVE_INFINITY } = options;
  const dealt = options.restored ?? (await source.enumerateSplits({ parallelism }));
  const reader = openReader(
    source,
    dealt.filter((_, i) => i % parallelism === subtask),
    options,
  );
  const records: T[] = [];
  const output = outputTo(records);
  while (records.length < limit) {
    const next = reader.pollNext(output);
    if (next === 'end') break;
    if (next === 'wait') await reader.isAvailable();
  }
  const snapshot = structuredClone(reader.snapshotState(1));
  await reader.close?.();
  return { records, snapshot };
}

export function openReader<T, Split>(
  source: Source<T, Split>,
  splits: readonly Split[],
  options: Pick<ReadOptions<Split>, 'nowMs' | 'parallelism' | 'subtask'> = {},
): SourceReader<T, Split> {
  const reader = source.createReader({
    indexOfThisSubtask: options.subtask ?? 0,
    numberOfParallelSubtasks: options.parallelism ?? 1,
    currentProcessingTime: options.nowMs ?? (() => 0),
  } as SourceReaderContext);
  reader.addSplits(structuredClone(splits) as Split[]);
  reader.notifyNoMoreSplits?.();
  return reader;
}

export function outputTo<T>(records: T[]): ReaderOutput<T> {
  const output: SourceOutput<T> = {
    collect: (value) => records.push(value),
    collectWithTimestamp: (value) => records.push(value),
    emitWatermark: () => {},
    markIdle: () => {},
  };
  return { ...output, createOutputForSplit: () => output, releaseOutputForSplit: () => {} };
}

/** Reads with a stop, a snapshot and a new reader after every `stride` records. */
export async function readWithRestores<T, Split>(source: Source<T, Split>, stride = 1): Promise<T[]> {
  const records: T[] = [];
  let splits: readonly Split[] | undefined;
  for (;;) {
    const part = await readSource(source, { limit: stride, ...(splits ? { restored: splits } : {}) });
    records.push(...part.records);
    splits = part.snapshot;
    if (part.records.length < stride) return records;
  }
}
