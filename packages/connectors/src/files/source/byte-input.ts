// Bytes of a file from an offset on: read at once from plain files, as they come from compressed ones.
import { closeSync, createReadStream, fstatSync, openSync, type ReadStream, readSync } from 'node:fs';
import { createGunzip, type Gunzip } from 'node:zlib';
import { appError } from '@yeoul/engine';
import { errnoOf, toReadError } from '../file-errors.ts';

/** readInto: nothing now, ask again after whenReadable. */
export const NOT_READY = -1;

export interface ByteInput {
  /** Puts bytes into `target` from `at` on. @returns how many; 0 at the end; NOT_READY */
  readInto(target: Buffer, at: number): number;
  whenReadable(): Promise<void>;
  close(): void;
}

// 256 KiB: larger chunks were not faster, and one stays within the second-level cache.
export const CHUNK_BYTES = 256 * 1024;

const ZLIB_ERRORS: readonly string[] = ['Z_DATA_ERROR', 'Z_BUF_ERROR'];

export function isCompressed(path: string): boolean {
  return path.endsWith('.gz') || path.endsWith('.gzip');
}

/**
 * @param offsetBytes where to start, in the decompressed content
 * @throws FILE_NOT_FOUND, FILE_NOT_READABLE, FILE_SHRUNK
 */
export function openByteInput(path: string, offsetBytes: number): ByteInput {
  return isCompressed(path) ? new GzipInput(path, offsetBytes) : new PlainInput(path, offsetBytes);
}

class PlainInput implements ByteInput {
  readonly #path: string;
  readonly #file: number;
  #positionBytes: number;
  #isOpen = true;

  constructor(path: string, offsetBytes: number) {
    this.#path = path;
    this.#positionBytes = offsetBytes;
    try {
      this.#file = openSync(path, 'r');
    } catch (error) {
      throw toReadError(error, path);
    }
    if (fstatSync(this.#file).size >= offsetBytes) return;
    this.close();
    throw appError('FILE_SHRUNK', [path, offsetBytes]);
  }

  readInto(target: Buffer, at: number): number {
    try {
      const count = readSync(this.#file, target, at, Math.min(CHUNK_BYTES, target.length - at), this.#positionBytes);
      this.#positionBytes += count;
      return count;
    } catch (error) {
      throw toReadError(error, this.#path);
    }
  }

  whenReadable(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }
}

class GzipInput implements ByteInput {
  readonly #path: string;
  readonly #file: ReadStream;
  readonly #gunzip: Gunzip;
  #offsetBytes: number;
  #skipBytes: number;
  #chunk: Buffer | undefined;
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(path: string, offsetBytes: number) {
    this.#path = path;
    this.#offsetBytes = offsetBytes;
    this.#skipBytes = offsetBytes;
    const settle = (): void => this.#wakeUp();
    const fail = (error: unknown): void => {
      this.#error = error;
      this.#wakeUp();
    };
    this.#file = createReadStream(path, { highWaterMark: CHUNK_BYTES }).on('error', fail);
    this.#gunzip = createGunzip({ chunkSize: CHUNK_BYTES }).on('error', fail).on('readable', settle);
    this.#gunzip.on('end', () => {
      this.#ended = true;
      this.#wakeUp();
    });
    this.#file.pipe(this.#gunzip);
  }

  readInto(target: Buffer, at: number): number {
    if (this.#error !== undefined) throw this.#readError(this.#error);
    for (;;) {
      this.#chunk ??= (this.#gunzip.read() as Buffer | null) ?? undefined;
      if (this.#chunk === undefined) return this.#ended ? this.#atEnd() : NOT_READY;
      const skipped = Math.min(this.#skipBytes, this.#chunk.length);
      this.#skipBytes -= skipped;
      const count = this.#chunk.copy(target, at, skipped);
      const rest = this.#chunk.subarray(skipped + count);
      this.#chunk = rest.length === 0 ? undefined : rest;
      if (count > 0) return count;
    }
  }

  whenReadable(): Promise<void> {
    if (this.#chunk !== undefined || this.#ended || this.#error !== undefined) return Promise.resolve();
    if (this.#gunzip.readableLength > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  close(): void {
    this.#file.destroy();
    this.#gunzip.destroy();
    this.#wakeUp();
  }

  #atEnd(): number {
    if (this.#skipBytes > 0) throw appError('FILE_SHRUNK', [this.#path, this.#offsetBytes]);
    return 0;
  }

  #readError(error: unknown): Error {
    if (!ZLIB_ERRORS.includes(errnoOf(error))) return toReadError(error, this.#path);
    return appError('FILE_DAMAGED', [this.#path, (error as Error).message], { cause: error });
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
