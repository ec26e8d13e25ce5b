// What a source author implements: SourceFunction (one loop per subtask) or Source (splits and readers).
//   S1. Everything a SourceFunction does between two yields (or two awaits) is atomic for checkpoints: a barrier never
//       falls between a collect and the position update that belongs to it.
import type { RichFunctionLifecycle } from './functions.ts';
import type { MetricGroup } from './metrics.ts';
import type { TypeInformation } from './type-information.ts';
import type { WatermarkLike } from './watermark.ts';

export interface SourceContext<T> {
  collect(value: T): void;
  /** @param timestampMs event time, epoch ms */
  collectWithTimestamp(value: T, timestampMs: number): void;
  /** Like collect, and resolves when there is room for more: the back-pressure of async sources. */
  collectAsync(value: T, timestampMs?: number): Promise<void>;
  /** Watermark.MAX_WATERMARK (+Infinity) ends event time. */
  emitWatermark(watermark: WatermarkLike): void;
  /** Downstream does not wait for this source's watermark until its next record or watermark. */
  markAsTemporarilyIdle(): void;
  currentProcessingTime(): number;
  /** False after cancel() or stop: an async loop ends by it. */
  isRunning(): boolean;
}

/**
 * What run() hands back. A generator is pulled while outputs have room; an async generator likewise; a promise runs by
 * itself and must use collectAsync; undefined: all was emitted (small bounded sources only).
 */
export type SourceRun =
  | Iterable<unknown>
  | Iterator<unknown>
  | AsyncIterable<unknown>
  | AsyncIterator<unknown>
  | Promise<void>
  | undefined
  | void;

/** A source of one subtask (parallel when `parallel` is true). Position is kept by CheckpointedFunction members. */
export interface SourceFunction<T> extends RichFunctionLifecycle {
  run(context: SourceContext<T>): SourceRun;
  /** Makes run() end soon; called at cancel, from between two steps of run. */
  cancel?(): void;
  /** True: may run in several subtasks. Default false: parallelism 1. */
  readonly parallel?: boolean;
}

export const Boundedness = { Bounded: 'BOUNDED', ContinuousUnbounded: 'CONTINUOUS_UNBOUNDED' } as const;
export type Boundedness = (typeof Boundedness)[keyof typeof Boundedness];

/** Where a reader emits: all of its splits together (ReaderOutput), or one of them. */
export interface SourceOutput<T> {
  collect(value: T): void;
  collectWithTimestamp(value: T, timestampMs: number): void;
  emitWatermark(watermark: WatermarkLike): void;
  /** Not waited for until its next record or watermark. */
  markIdle(): void;
}

export interface SplitOutputOptions {
  /** The reader comes to this split after others: without records it is waited for, however long; not idle before its first. */
  readonly awaitsTurn?: boolean;
}

/**
 * What is emitted here runs one watermark generator for the whole subtask. A reader that reads several splits side by
 * side emits to an output per split: each has a generator of its own, and the subtask's watermark is the least of the
 * splits that are neither idle nor released.
 */
export interface ReaderOutput<T> extends SourceOutput<T> {
  /** The split's output, made at the first call; it holds the watermark back until its first record. */
  createOutputForSplit(splitId: string, options?: SplitOutputOptions): SourceOutput<T>;
  /** The split was read to its end, or was given up: it does not hold the watermark back any more. */
  releaseOutputForSplit(splitId: string): void;
}

export interface SourceReaderContext {
  readonly indexOfThisSubtask: number;
  readonly numberOfParallelSubtasks: number;
  readonly metricGroup: MetricGroup;
  currentProcessingTime(): number;
  /** Resolves at that processing time, epoch ms: for readers that pace themselves. */
  waitUntil(timeMs: number): Promise<void>;
}

/** Reads the splits of one subtask. Methods are called from the mailbox, never concurrently. */
export interface SourceReader<T, Split> {
  start?(): void | Promise<void>;
  /** Emits at most a few records (ideally one) and says what next: at once, after isAvailable(), or never. */
  pollNext(output: ReaderOutput<T>): 'more' | 'wait' | 'end';
  /** Resolves when pollNext may make progress; asked after 'wait'. */
  isAvailable(): Promise<void>;
  /** The splits with their positions, as plain data. Synchronous. */
  snapshotState(checkpointId: number): Split[];
  addSplits(splits: readonly Split[]): void;
  /** No split will be added any more: 'end' may follow. */
  notifyNoMoreSplits?(): void;
  /**
   * Splits that got too far ahead of their watermark group are not read until they are resumed; with none left to read, pollNext says
   * 'wait'. Without this method only all splits of the subtask together are held. Asked for splits that have an output of their own.
   */
  pauseOrResumeSplits?(splitsToPause: readonly string[], splitsToResume: readonly string[]): void;
  notifyCheckpointComplete?(checkpointId: number): void | Promise<void>;
  close?(): void | Promise<void>;
}

export interface SplitEnumeratorContext {
  /** Subtasks of the source. */
  readonly parallelism: number;
}

/**
 * A source of splits. There is no central user code: every subtask enumerates, and what the first of them finds counts for
 * all; its splits are dealt out in order. At restore unfinished splits are dealt out again with their positions; splits
 * found by enumeration but unknown to the state are added, and read by subtasks that had not ended. A source all of whose
 * subtasks had ended stays at its end.
 */
export interface Source<T, Split> {
  readonly boundedness: Boundedness;
  /** Declared type of the records, where fromSource is given none. */
  readonly producedType?: TypeInformation<T> | undefined;
  /** List of all splits, at start and at restore, as plain data; ids must not depend on the parallelism. */
  enumerateSplits(context: SplitEnumeratorContext): readonly Split[] | Promise<readonly Split[]>;
  /** Identity of a split, stable over its progress. */
  splitId(split: Split): string;
  createReader(context: SourceReaderContext): SourceReader<T, Split>;
}
