// What a file source reads, as plain data that goes into checkpoints.
//   S1. The id of a range is its path and first byte. Block sizes are powers of two, so the starts for larger blocks are among
//       those for smaller ones: a file that grew between two runs never brings a byte back under a new id.
//   S2. A record belongs to the range that holds its first byte.

/** A file, or a part of one. */
export interface FileRange {
  readonly kind: 'range';
  readonly path: string;
  /** The range is [startBytes, endBytes); -1: to the end of the file. */
  readonly startBytes: number;
  readonly endBytes: number;
  readonly progress: FileProgress | undefined;
}

/** Where reading goes on: byte offset in the (decompressed) content, then records to leave out from there. */
export interface FileProgress {
  readonly offsetBytes: number;
  readonly skipRecords: number;
  /** What the format must remember, e.g. the header of a CSV file. */
  readonly memo?: unknown;
}

/** A share of a watched directory: the files whose path hashes to `shard`. */
export interface WatchShard {
  readonly kind: 'watch';
  readonly shard: number;
  /** path → modification time (epoch ms) of files taken, finished ones included. */
  readonly seen: Readonly<Record<string, number>>;
  /** Taken and not finished, in reading order. */
  readonly open: readonly FileRange[];
}

export type FileSplit = FileRange | WatchShard;

export interface ListedFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Epoch ms. */
  readonly modifiedMs: number;
}

// 4 MiB: a reader opens, seeks and looks for a line end per block, below 1 % of the time to read one.
const SMALLEST_BLOCK_BYTES = 4 * 1024 * 1024;
// 64 MiB: the ids of a 100 GiB file stay below 2,000.
const LARGEST_BLOCK_BYTES = 64 * 1024 * 1024;
// Blocks wanted per file, so that subtasks get even shares.
const WANTED_BLOCKS = 64;

export function splitIdOf(split: FileSplit): string {
  return split.kind === 'watch' ? `watch-${split.shard}` : `${split.path}@${split.startBytes}`;
}

export function wholeFile(path: string): FileRange {
  return { kind: 'range', path, startBytes: 0, endBytes: -1, progress: undefined };
}

export function blockSizeBytes(sizeBytes: number): number {
  let block = SMALLEST_BLOCK_BYTES;
  while (block < LARGEST_BLOCK_BYTES && block * WANTED_BLOCKS < sizeBytes) block *= 2;
  return block;
}

/** Cuts a file into ranges; the last one reaches to wherever the file ends when it is read. */
export function cutIntoRanges(path: string, sizeBytes: number, blockBytes = blockSizeBytes(sizeBytes)): FileRange[] {
  const count = Math.max(1, Math.ceil(sizeBytes / blockBytes));
  return Array.from({ length: count }, (_, i) => ({
    kind: 'range',
    path,
    startBytes: i * blockBytes,
    endBytes: i === count - 1 ? -1 : (i + 1) * blockBytes,
    progress: undefined,
  }));
}
