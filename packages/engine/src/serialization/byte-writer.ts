// A cursor that generated codecs write through. `bytes` and `view` cover the same memory and may change on reserve(), so
// generated code reads them again after every call.

const MIN_CAPACITY_BYTES = 256;

/** What a codec needs to write. Positions are absolute in `bytes`. */
export interface ByteSink {
  bytes: Uint8Array;
  view: DataView;
  /** Where the next byte goes. */
  pos: number;
  /** First position that may not be written without reserve(). */
  limit: number;
  /** Makes room for `count` more bytes from pos on. May replace bytes, view, pos and limit. */
  reserve(count: number): void;
}

/** Grows as needed; for state and scratch use. */
export class ByteWriter implements ByteSink {
  bytes: Uint8Array;
  view: DataView;
  pos = 0;
  limit: number;

  /** @param capacityBytes first size of the buffer; it doubles when full */
  constructor(capacityBytes = MIN_CAPACITY_BYTES) {
    this.bytes = new Uint8Array(capacityBytes);
    this.view = new DataView(this.bytes.buffer);
    this.limit = capacityBytes;
  }

  reserve(count: number): void {
    const needed = this.pos + count;
    if (needed <= this.limit) return;
    const grown = new Uint8Array(Math.max(needed, this.limit * 2, MIN_CAPACITY_BYTES));
    grown.set(this.bytes.subarray(0, this.pos));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
    this.limit = grown.length;
  }

  reset(): void {
    this.pos = 0;
  }

  /** A copy of what was written since the last reset. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.pos);
  }

  /** What was written since the last reset, without a copy: valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.pos);
  }
}
