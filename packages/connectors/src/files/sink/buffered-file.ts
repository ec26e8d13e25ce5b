// A file that is written in large pieces.
import { toWriteError } from '../file-errors.ts';
import type { SinkFileSystem } from './sink-file-system.ts';

// 64 KiB: a system call costs about as much as copying that.
const BUFFER_BYTES = 64 * 1024;
/** UTF-8 takes at most three bytes per UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3;

export class BufferedFile {
  readonly path: string;
  readonly #files: SinkFileSystem;
  readonly #file: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;
  #writtenBytes: number;
  #isOpen = true;

  constructor(files: SinkFileSystem, path: string, file: number, sizeBytes = 0) {
    this.#files = files;
    this.path = path;
    this.#file = file;
    this.#writtenBytes = sizeBytes;
  }

  /** What is in the file and the buffer. */
  get sizeBytes(): number {
    return this.#writtenBytes + this.#used;
  }

  write(data: string | Uint8Array): void {
    if (typeof data !== 'string') this.#writeBytes(data);
    else if (data.length * MAX_BYTES_PER_UNIT > BUFFER_BYTES) this.#writeBytes(Buffer.from(data));
    else {
      if (data.length * MAX_BYTES_PER_UNIT > BUFFER_BYTES - this.#used) this.flush();
      this.#used += this.#buffer.write(data, this.#used);
    }
  }

  flush(): void {
    this.#writeOut(this.#buffer, this.#used);
    this.#writtenBytes += this.#used;
    this.#used = 0;
  }

  /** Until everything written is on disk. */
  async sync(): Promise<void> {
    try {
      await this.#files.sync(this.#file);
    } catch (error) {
      throw toWriteError(error, this.path);
    }
  }

  /** Does not flush. */
  close(): void {
    if (this.#isOpen) this.#files.close(this.#file);
    this.#isOpen = false;
  }

  #writeBytes(bytes: Uint8Array): void {
    if (bytes.length > BUFFER_BYTES - this.#used) this.flush();
    if (bytes.length > BUFFER_BYTES) {
      this.#writeOut(bytes, bytes.length);
      this.#writtenBytes += bytes.length;
      return;
    }
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #writeOut(bytes: Uint8Array, length: number): void {
    if (length === 0) return;
    try {
      this.#files.write(this.#file, bytes, 0, length);
    } catch (error) {
      throw toWriteError(error, this.path);
    }
  }
}
