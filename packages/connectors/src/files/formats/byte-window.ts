// The bytes of a file that are being decoded: read ahead of the record in hand, moved to the front when more are needed.
import { appError } from '@yeoul/engine';
import { type ByteInput, CHUNK_BYTES, NOT_READY } from '../source/byte-input.ts';

export class ByteWindow {
  readonly #path: string;
  readonly #input: ByteInput;
  readonly #maxRecordBytes: number;
  readonly #limitName: string;
  #buffer = Buffer.allocUnsafe(2 * CHUNK_BYTES);
  /** Unread and read bytes: [0, bytes.length); ends with the last byte read. */
  bytes = this.#buffer.subarray(0, 0);
  /** First byte not yet taken, index into `bytes`. */
  start = 0;
  /** Offset in the file of bytes[0]. */
  offsetBytes: number;
  ended = false;

  /** @param limitName the option that sets maxRecordBytes, for the error */
  constructor(path: string, input: ByteInput, offsetBytes: number, maxRecordBytes: number, limitName: string) {
    this.#path = path;
    this.#input = input;
    this.offsetBytes = offsetBytes;
    this.#maxRecordBytes = maxRecordBytes;
    this.#limitName = limitName;
  }

  /** Offset in the file of the first byte not yet taken. */
  get positionBytes(): number {
    return this.offsetBytes + this.start;
  }

  /**
   * Reads on; bytes from `start` are kept and then begin at index 0.
   * @returns false when there is nothing now
   */
  fill(): boolean {
    const kept = this.bytes.length - this.start;
    if (kept > this.#maxRecordBytes) throw this.tooLong();
    this.#moveToFront(kept);
    const count = this.#input.readInto(this.#buffer, kept);
    if (count === NOT_READY) return false;
    if (count === 0) this.ended = true;
    else this.bytes = this.#buffer.subarray(0, kept + count);
    return true;
  }

  /** The record that begins at `start` is over the limit. */
  tooLong(): Error {
    return appError('LINE_TOO_LONG', [this.#path, this.positionBytes, this.#maxRecordBytes, this.#limitName]);
  }

  #moveToFront(kept: number): void {
    const target =
      this.#buffer.length - kept < CHUNK_BYTES ? Buffer.allocUnsafe(2 * this.#buffer.length) : this.#buffer;
    this.#buffer.copy(target, 0, this.start, this.start + kept);
    this.#buffer = target;
    this.offsetBytes += this.start;
    this.start = 0;
    this.bytes = target.subarray(0, kept);
  }
}
