// One record per file: its content, and what the user makes of it.
import { AppError, appError } from '@yeoul/engine';
import { checkInteger } from '../../options.ts';
import type { ByteInput } from '../source/byte-input.ts';
import type { FileProgress, FileRange } from '../source/file-split.ts';
import { ByteWindow } from './byte-window.ts';
import { ENDED, type FileFormat, PENDING, type RecordReader } from './file-format.ts';

// 64 MiB: a record of this size is already more than a channel takes by default.
const DEFAULT_MAX_FILE_BYTES = 64 * 1024 * 1024;

export interface WholeFileOptions {
  /** Decompressed size; a larger file is an error. Default 64 MiB. */
  readonly maxFileBytes?: number | undefined;
}

export class WholeFileFormat<T> implements FileFormat<T> {
  readonly name = 'file content';
  readonly splittable = false;
  readonly #decode: (content: Buffer, path: string) => T;
  readonly #maxFileBytes: number;

  /** @param decode content (decompressed) and path to record; the buffer is the callee's to keep */
  constructor(decode: (content: Buffer, path: string) => T, options: WholeFileOptions = {}) {
    this.#decode = decode;
    this.#maxFileBytes = checkInteger('maxFileBytes', options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES, 1);
  }

  firstByte(): number {
    return 0;
  }

  openReader(range: FileRange, input: ByteInput): RecordReader<T> {
    return new WholeFileReader(range, input, this.#maxFileBytes, (content) => this.#decodeFile(content, range.path));
  }

  #decodeFile(content: Buffer, path: string): T {
    try {
      return this.#decode(content, path);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw appError('FILE_RECORD_INVALID', [path, 0, this.name, (error as Error).message], { cause: error });
    }
  }
}

class WholeFileReader<T> implements RecordReader<T> {
  readonly #window: ByteWindow;
  readonly #decode: (content: Buffer) => T;
  #taken: boolean;

  constructor(range: FileRange, input: ByteInput, maxFileBytes: number, decode: (content: Buffer) => T) {
    this.#window = new ByteWindow(range.path, input, 0, maxFileBytes, 'maxFileBytes');
    this.#decode = decode;
    this.#taken = (range.progress?.skipRecords ?? 0) > 0;
  }

  next(): T | typeof PENDING | typeof ENDED {
    if (this.#taken) return ENDED;
    while (!this.#window.ended) if (!this.#window.fill()) return PENDING;
    const record = this.#decode(this.#window.bytes);
    this.#taken = true;
    return record;
  }

  progress(): FileProgress {
    return { offsetBytes: 0, skipRecords: this.#taken ? 1 : 0 };
  }
}
