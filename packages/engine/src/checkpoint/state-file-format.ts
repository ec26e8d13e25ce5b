// The one format of keyed state files, written by every backend and read by every backend.
//
//   header   magic "YSTF", format version (uint32)
//   blocks   [keyGroup u16][state u16][operation u8][layer u8][0 u16][rows u32][bytes u32][crc32 of the rows u32], rows
//   footer   [JSON bytes u32] JSON (StateFileMeta), [blocks u32], per block: [offset f64] and the block's header again
//   trailer  [footer bytes u32][crc32 of the footer u32][format version u32]["YSTF"]
//
//   F1. All numbers little-endian. Offsets count from the start of the file and point at the block's header.
//   F2. Rows of one block belong to one key group and one state. Put: key, namespace (namespaced states), value.
//       Remove: key, namespace. A group may have any number of blocks.
//   F3. Layers are applied in ascending order; a (state, key, namespace) that occurs more than once within one layer has the
//       same row each time.
//   F4. Files of one incremental handle are applied in order; a state marked `complete` in a file replaces what earlier files
//       say of it.
//   F5. Nothing of a block is used before its checksum was found right.
import type { KeyGroupRange, StateDescription } from '../state/keyed-state-backend.ts';

export const STATE_FILE_MAGIC = 0x46545359; // "YSTF"
export const STATE_FILE_VERSION = 1;
export const HEADER_BYTES = 8;
export const BLOCK_HEADER_BYTES = 20;
export const INDEX_ENTRY_BYTES = 8 + BLOCK_HEADER_BYTES;
export const TRAILER_BYTES = 16;

export const RowOperation = { Put: 0, Remove: 1 } as const;
export type RowOperation = (typeof RowOperation)[keyof typeof RowOperation];

export interface StateFileState extends StateDescription {
  /** Number of the state in this file's blocks. */
  readonly id: number;
  /** False in a delta: only changes since the files before it. */
  readonly complete: boolean;
  /** Rows are parts of lists or maps (see state/parts.ts): namespaces end with the part's number, values are parts. */
  readonly parts?: boolean | undefined;
}

/** The JSON part of the footer. */
export interface StateFileMeta {
  readonly keySerializer: string;
  readonly serializerVersion: number;
  readonly maxParallelism: number;
  readonly keyGroups: KeyGroupRange;
  readonly states: readonly StateFileState[];
}

export interface BlockInfo {
  readonly keyGroup: number;
  readonly stateId: number;
  readonly operation: RowOperation;
  readonly layer: number;
  readonly rows: number;
  /** Bytes of the rows, without the header. */
  readonly sizeBytes: number;
  readonly crc32: number;
  readonly offset: number;
}

export function writeBlockHeader(view: DataView, at: number, block: BlockInfo): void {
  view.setUint16(at, block.keyGroup, true);
  view.setUint16(at + 2, block.stateId, true);
  view.setUint8(at + 4, block.operation);
  view.setUint8(at + 5, block.layer);
  view.setUint16(at + 6, 0, true);
  view.setUint32(at + 8, block.rows, true);
  view.setUint32(at + 12, block.sizeBytes, true);
  view.setUint32(at + 16, block.crc32, true);
}

export function readBlockHeader(view: DataView, at: number, offset: number): BlockInfo {
  return {
    keyGroup: view.getUint16(at, true),
    stateId: view.getUint16(at + 2, true),
    operation: view.getUint8(at + 4) as RowOperation,
    layer: view.getUint8(at + 5),
    rows: view.getUint32(at + 8, true),
    sizeBytes: view.getUint32(at + 12, true),
    crc32: view.getUint32(at + 16, true),
    offset,
  };
}
