// Reads state files: the footer first, then only the blocks that are wanted. Whatever is wrong with a file is said before any
// row of the affected block is used (state-file-format F5).
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, appError, toError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import {
  BLOCK_HEADER_BYTES,
  type BlockInfo,
  HEADER_BYTES,
  INDEX_ENTRY_BYTES,
  readBlockHeader,
  STATE_FILE_MAGIC,
  STATE_FILE_VERSION,
  type StateFileMeta,
  TRAILER_BYTES,
} from './state-file-format.ts';
import type { StateDirectories, StateFileHandle } from './state-handles.ts';

/** Neighbouring blocks are read together up to this size. */
const READ_TARGET_BYTES = 1024 * 1024;

/** Random access to the bytes of a handle, in a file or inline. */
export interface StateBytes {
  readonly name: string;
  readonly sizeBytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** @throws STATE_FILE_MISSING, STATE_FILE_CORRUPT when its size is not the recorded one */
export async function openStateBytes(
  handle: StateFileHandle,
  directories: StateDirectories | undefined,
): Promise<StateBytes> {
  const location = handle.location;
  if (location.kind === 'inline') return inlineBytes(location.bytes, handle.sizeBytes);
  const directory = location.scope === 'shared' ? directories?.shared : directories?.exclusive;
  const path = directory === undefined ? location.path : join(directory, location.path);
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    throw appError('STATE_FILE_MISSING', [directory ?? 'the checkpoint', path], { cause });
  }
  const { size } = await file.stat();
  if (size !== handle.sizeBytes) {
    await file.close();
    throw damaged(path, `it has ${size} bytes, not ${handle.sizeBytes}`);
  }
  return {
    name: path,
    sizeBytes: size,
    read: (offset, length) => readFully(file, path, offset, length),
    close: () => file.close(),
  };
}

function inlineBytes(bytes: Uint8Array, sizeBytes: number): StateBytes {
  const name = 'inline state';
  if (bytes.length !== sizeBytes) {
    throw damaged(name, `it has ${bytes.length} bytes, not ${sizeBytes}`);
  }
  return {
    name,
    sizeBytes,
    read: async (offset, length) => {
      checkBounds(name, sizeBytes, offset, length);
      return bytes.subarray(offset, offset + length);
    },
    close: async () => {},
  };
}

async function readFully(file: FileHandle, path: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw damaged(path, `it ends at byte ${offset + done}`);
    done += bytesRead;
  }
  return bytes;
}

function checkBounds(name: string, sizeBytes: number, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > sizeBytes) {
    throw damaged(name, `bytes ${offset} to ${offset + length} of ${sizeBytes} were asked for`);
  }
}

export class StateFileReader {
  readonly meta: StateFileMeta;
  readonly blocks: readonly BlockInfo[];
  readonly #bytes: StateBytes;

  private constructor(bytes: StateBytes, meta: StateFileMeta, blocks: readonly BlockInfo[]) {
    this.#bytes = bytes;
    this.meta = meta;
    this.blocks = blocks;
  }

  get name(): string {
    return this.#bytes.name;
  }

  /** Reads and checks header, trailer and footer. */
  static async open(handle: StateFileHandle, directories?: StateDirectories): Promise<StateFileReader> {
    const bytes = await openStateBytes(handle, directories);
    try {
      await checkHeader(bytes);
      const footer = await readFooter(bytes);
      return new StateFileReader(bytes, footer.meta, footer.blocks);
    } catch (error) {
      await bytes.close();
      throw error instanceof AppError ? error : damaged(bytes.name, toError(error).message, error);
    }
  }

  /** Hands over the rows of each wanted block, in the order given, after checking them. */
  async readBlocks(wanted: readonly BlockInfo[], use: (block: BlockInfo, rows: Uint8Array) => void): Promise<void> {
    for (let from = 0; from < wanted.length; ) {
      const to = endOfRun(wanted, from);
      const start = wanted[from]!.offset;
      const last = wanted[to - 1]!;
      const bytes = await this.#bytes.read(start, last.offset + BLOCK_HEADER_BYTES + last.sizeBytes - start);
      for (; from < to; from++) use(wanted[from]!, this.#rowsOf(wanted[from]!, bytes, start));
    }
  }

  close(): Promise<void> {
    return this.#bytes.close();
  }

  #rowsOf(block: BlockInfo, bytes: Uint8Array, start: number): Uint8Array {
    const at = block.offset - start + BLOCK_HEADER_BYTES;
    const rows = bytes.subarray(at, at + block.sizeBytes);
    if (crc32(rows) !== block.crc32) {
      throw damaged(this.name, `the checksum of key group ${block.keyGroup} at byte ${block.offset} is wrong`);
    }
    return rows;
  }
}

/** Blocks that follow each other in the file, up to READ_TARGET_BYTES. @returns end index, exclusive */
function endOfRun(blocks: readonly BlockInfo[], from: number): number {
  const start = blocks[from]!.offset;
  let to = from + 1;
  for (; to < blocks.length; to++) {
    const previous = blocks[to - 1]!;
    const next = blocks[to]!;
    const previousEnd = previous.offset + BLOCK_HEADER_BYTES + previous.sizeBytes;
    if (next.offset !== previousEnd || next.offset + next.sizeBytes - start > READ_TARGET_BYTES) break;
  }
  return to;
}

async function checkHeader(bytes: StateBytes): Promise<void> {
  if (bytes.sizeBytes < HEADER_BYTES + TRAILER_BYTES) throw damaged(bytes.name, `${bytes.sizeBytes} bytes are too few`);
  const header = viewOf(await bytes.read(0, HEADER_BYTES));
  if (header.getUint32(0, true) !== STATE_FILE_MAGIC) throw damaged(bytes.name, 'it does not begin as a state file');
  const version = header.getUint32(4, true);
  if (version !== STATE_FILE_VERSION)
    throw appError('STATE_FILE_VERSION_UNKNOWN', [bytes.name, version, STATE_FILE_VERSION]);
}

async function readFooter(bytes: StateBytes): Promise<{ meta: StateFileMeta; blocks: BlockInfo[] }> {
  const trailerOffset = bytes.sizeBytes - TRAILER_BYTES;
  const trailer = viewOf(await bytes.read(trailerOffset, TRAILER_BYTES));
  if (trailer.getUint32(12, true) !== STATE_FILE_MAGIC) throw damaged(bytes.name, 'it is cut off at the end');
  const footerSize = trailer.getUint32(0, true);
  const footerOffset = trailerOffset - footerSize;
  if (footerOffset < HEADER_BYTES) throw damaged(bytes.name, `its index would begin at byte ${footerOffset}`);
  const footer = await bytes.read(footerOffset, footerSize);
  if (crc32(footer) !== trailer.getUint32(4, true)) throw damaged(bytes.name, 'the checksum of its index is wrong');
  return parseFooter(footer);
}

function parseFooter(footer: Uint8Array): { meta: StateFileMeta; blocks: BlockInfo[] } {
  const view = viewOf(footer);
  const jsonSize = view.getUint32(0, true);
  const meta = JSON.parse(Buffer.from(footer.subarray(4, 4 + jsonSize)).toString()) as StateFileMeta;
  const blocks: BlockInfo[] = [];
  const count = view.getUint32(4 + jsonSize, true);
  for (let i = 0; i < count; i++) {
    const at = 8 + jsonSize + i * INDEX_ENTRY_BYTES;
    blocks.push(readBlockHeader(view, at + 8, view.getFloat64(at, true)));
  }
  return { meta, blocks };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @param name path of the file, or "inline state" */
export function damaged(name: string, what: string, cause?: unknown): AppError {
  return appError('STATE_FILE_CORRUPT', [dirname(name), basename(name), what], cause === undefined ? {} : { cause });
}
