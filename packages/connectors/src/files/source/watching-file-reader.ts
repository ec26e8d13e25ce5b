// Reads files of watched directories as they appear.
//   W1. Every path belongs to one of SHARD_COUNT shards by its hash, every shard to one subtask: whoever lists the directory, and
//       whenever, a file is taken once. A restore at another parallelism moves shards whole.
//   W2. A file is taken when it is first seen, and again when its modification time changed if whenModified is 'reread'.
//   W3. A path that is gone from the directory is forgotten: the state is as large as the directory, and a file that comes
//       back is new.
import type { ReaderOutput, SourceReader, SourceReaderContext } from '@yeoul/engine';
import type { Pause } from '../../pause.ts';
import type { FileFormat } from '../formats/file-format.ts';
import { ENDED, PENDING } from '../formats/file-format.ts';
import { type FileSplit, type ListedFile, type WatchShard, wholeFile } from './file-split.ts';
import { RangeQueue } from './range-queue.ts';

/** As many as key groups by default; the highest parallelism that has work for every subtask. */
export const SHARD_COUNT = 128;

export interface WatchOptions {
  readonly intervalMs: number;
  readonly whenModified: 'ignore' | 'reread';
  /** Files modified less than this ago are left for later: somebody may still be writing them. */
  readonly minAgeMs: number;
}

export interface WatchingReaderOptions<T> extends WatchOptions {
  readonly format: FileFormat<T>;
  readonly list: () => Promise<readonly ListedFile[]>;
  readonly context: Pick<SourceReaderContext, 'currentProcessingTime'>;
  readonly pause: Pause;
}

type Listing =
  | { readonly kind: 'due'; readonly atMs: number }
  | { readonly kind: 'running'; readonly done: Promise<void> }
  | { readonly kind: 'done'; readonly files: readonly ListedFile[] }
  | { readonly kind: 'failed'; readonly error: unknown };

export function emptyShards(): WatchShard[] {
  return Array.from({ length: SHARD_COUNT }, (_, shard) => ({ kind: 'watch', shard, seen: {}, open: [] }));
}

export class WatchingFileReader<T> implements SourceReader<T, FileSplit> {
  readonly #options: WatchingReaderOptions<T>;
  readonly #queue: RangeQueue<T>;
  readonly #closed = new AbortController();
  /** shard → path → modification time. */
  readonly #seen = new Map<number, Map<string, number>>();
  #listing: Listing = { kind: 'due', atMs: Number.NEGATIVE_INFINITY };
  #waitsForBytes = false;

  constructor(options: WatchingReaderOptions<T>) {
    this.#options = options;
    this.#queue = new RangeQueue(options.format);
  }

  addSplits(splits: readonly FileSplit[]): void {
    for (const split of splits) {
      if (split.kind !== 'watch') continue;
      this.#seen.set(split.shard, new Map(Object.entries(split.seen)));
      this.#queue.add(split.open);
    }
  }

  pollNext(output: ReaderOutput<T>): 'more' | 'wait' | 'end' {
    const next = this.#queue.emitNext(output);
    this.#waitsForBytes = next === PENDING;
    if (next === PENDING) return 'wait';
    return next === ENDED ? this.#lookForFiles(output) : 'more';
  }

  isAvailable(): Promise<void> {
    const { context, pause } = this.#options;
    if (this.#waitsForBytes) return this.#queue.whenReadable();
    if (this.#listing.kind === 'running') return this.#listing.done;
    if (this.#listing.kind !== 'due') return Promise.resolve();
    const leftMs = this.#listing.atMs - context.currentProcessingTime();
    return leftMs > 0 ? pause(leftMs, this.#closed.signal) : Promise.resolve();
  }

  snapshotState(): FileSplit[] {
    const unfinished = this.#queue.unfinished();
    return [...this.#seen].map(([shard, seen]) => ({
      kind: 'watch',
      shard,
      seen: Object.fromEntries(seen),
      open: unfinished.filter((range) => shardOf(range.path) === shard),
    }));
  }

  close(): void {
    this.#closed.abort();
    this.#queue.close();
  }

  #lookForFiles(output: ReaderOutput<T>): 'more' | 'wait' {
    const { context, intervalMs } = this.#options;
    const nowMs = context.currentProcessingTime();
    switch (this.#listing.kind) {
      case 'due':
        if (this.#listing.atMs <= nowMs) this.#startListing();
        output.markIdle();
        return 'wait';
      case 'running':
        return 'wait';
      case 'failed':
        throw this.#listing.error;
      case 'done':
        this.#takeNew(this.#listing.files, nowMs);
        this.#listing = { kind: 'due', atMs: nowMs + intervalMs };
        return 'more';
    }
  }

  #startListing(): void {
    const done = this.#options.list().then(
      (files) => {
        this.#listing = { kind: 'done', files };
      },
      (error: unknown) => {
        this.#listing = { kind: 'failed', error };
      },
    );
    this.#listing = { kind: 'running', done };
  }

  #takeNew(files: readonly ListedFile[], nowMs: number): void {
    const { minAgeMs } = this.#options;
    // Without a least age no clock is asked: that of a network mount may be ahead of ours.
    const isSettled = (file: ListedFile): boolean => minAgeMs === 0 || nowMs - file.modifiedMs >= minAgeMs;
    const fresh = files.filter((file) => this.#isFresh(file) && isSettled(file));
    this.#forgetGone(files);
    for (const { path, modifiedMs } of fresh) this.#seen.get(shardOf(path))?.set(path, modifiedMs);
    const inOrder = fresh.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1));
    this.#queue.add(inOrder.map(({ path }) => wholeFile(path)));
  }

  #isFresh(file: ListedFile): boolean {
    const seen = this.#seen.get(shardOf(file.path));
    if (seen === undefined) return false;
    const takenMs = seen.get(file.path);
    return takenMs === undefined || (this.#options.whenModified === 'reread' && takenMs !== file.modifiedMs);
  }

  #forgetGone(files: readonly ListedFile[]): void {
    const listed = new Set(files.map((file) => file.path));
    for (const seen of this.#seen.values()) {
      for (const path of seen.keys()) if (!listed.has(path)) seen.delete(path);
    }
  }
}

/** FNV-1a over UTF-16 units: the same on every machine, for ever (W1: it stands in savepoints). */
export function shardOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SHARD_COUNT;
}
