// Builds one state file: rows are collected per block, finished blocks go to the file's writer in larger chunks.
import { ByteWriter } from '../serialization/index.ts';
import { crc32 } from './crc32.ts';
import type { StateFileWriter } from './state-file-factory.ts';
import {
  BLOCK_HEADER_BYTES,
  type BlockInfo,
  HEADER_BYTES,
  INDEX_ENTRY_BYTES,
  type RowOperation,
  STATE_FILE_MAGIC,
  STATE_FILE_VERSION,
  type StateFileMeta,
  TRAILER_BYTES,
  writeBlockHeader,
} from './state-file-format.ts';
import type { StateFileHandle } from './state-handles.ts';

/** A block is closed when its rows reach this size: large enough that headers do not matter, small enough to keep many open. */
const BLOCK_TARGET_BYTES = 32 * 1024;
/** Blocks are handed to the file in chunks of about this size. */
const CHUNK_TARGET_BYTES = 512 * 1024;

/** Rows of one key group, state, operation and layer that are not in the file yet. */
export interface OpenBlock {
  readonly keyGroup: number;
  readonly stateId: number;
  readonly operation: RowOperation;
  readonly layer: number;
  readonly rows: ByteWriter;
  count: number;
}

export class StateFileBuilder {
  readonly #openFile: () => StateFileWriter;
  readonly #index: BlockInfo[] = [];
  #file: StateFileWriter | undefined;
  #chunk = new ByteWriter(64 * 1024);
  /** Bytes handed to the file so far. */
  #written = 0;

  /** @param openFile called when the first chunk is ready */
  constructor(openFile: () => StateFileWriter) {
    this.#openFile = openFile;
    this.#chunk.reserve(HEADER_BYTES);
    this.#chunk.view.setUint32(0, STATE_FILE_MAGIC, true);
    this.#chunk.view.setUint32(4, STATE_FILE_VERSION, true);
    this.#chunk.pos = HEADER_BYTES;
  }

  createBlock(keyGroup: number, stateId: number, operation: RowOperation, layer: number): OpenBlock {
    return { keyGroup, stateId, operation, layer, rows: new ByteWriter(256), count: 0 };
  }

  /** Call after each row. */
  endRow(block: OpenBlock): void {
    block.count++;
    if (block.rows.pos >= BLOCK_TARGET_BYTES) this.closeBlock(block);
  }

  /** Moves the rows into the file; the block can take further ones. */
  closeBlock(block: OpenBlock): void {
    if (block.count === 0) return;
    const rows = block.rows.written();
    const chunk = this.#chunk;
    const info: BlockInfo = {
      keyGroup: block.keyGroup,
      stateId: block.stateId,
      operation: block.operation,
      layer: block.layer,
      rows: block.count,
      sizeBytes: rows.length,
      crc32: crc32(rows),
      offset: this.#written + chunk.pos,
    };
    this.#index.push(info);
    chunk.reserve(BLOCK_HEADER_BYTES + rows.length);
    writeBlockHeader(chunk.view, chunk.pos, info);
    chunk.bytes.set(rows, chunk.pos + BLOCK_HEADER_BYTES);
    chunk.pos += BLOCK_HEADER_BYTES + rows.length;
    block.rows.reset();
    block.count = 0;
    if (chunk.pos >= CHUNK_TARGET_BYTES) this.#flushChunk();
  }

  /** Writes the footer and closes the file. All blocks must be closed. */
  finish(meta: StateFileMeta): Promise<StateFileHandle> {
    this.#writeFooter(meta);
    this.#flushChunk();
    return this.#file!.close();
  }

  async abort(): Promise<void> {
    await this.#file?.abort();
  }

  #writeFooter(meta: StateFileMeta): void {
    const json = Buffer.from(JSON.stringify(meta));
    const footer = new DataView(new ArrayBuffer(8 + json.length + this.#index.length * INDEX_ENTRY_BYTES));
    const footerBytes = new Uint8Array(footer.buffer);
    footer.setUint32(0, json.length, true);
    footerBytes.set(json, 4);
    footer.setUint32(4 + json.length, this.#index.length, true);
    let at = 8 + json.length;
    for (const block of this.#index) {
      footer.setFloat64(at, block.offset, true);
      writeBlockHeader(footer, at + 8, block);
      at += INDEX_ENTRY_BYTES;
    }
    const chunk = this.#chunk;
    chunk.reserve(footerBytes.length + TRAILER_BYTES);
    chunk.bytes.set(footerBytes, chunk.pos);
    chunk.pos += footerBytes.length;
    chunk.view.setUint32(chunk.pos, footerBytes.length, true);
    chunk.view.setUint32(chunk.pos + 4, crc32(footerBytes), true);
    chunk.view.setUint32(chunk.pos + 8, STATE_FILE_VERSION, true);
    chunk.view.setUint32(chunk.pos + 12, STATE_FILE_MAGIC, true);
    chunk.pos += TRAILER_BYTES;
  }

  /** The file takes the chunk's memory. */
  #flushChunk(): void {
    if (this.#chunk.pos === 0) return;
    this.#file ??= this.#openFile();
    this.#written += this.#chunk.pos;
    this.#file.write(this.#chunk.written());
    this.#chunk = new ByteWriter(CHUNK_TARGET_BYTES + BLOCK_TARGET_BYTES * 2);
  }
}
