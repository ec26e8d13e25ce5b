// A cursor that generated codecs read through.

/** What a codec needs to read. Positions are absolute in `bytes`. */
export interface ByteSource {
  bytes: Uint8Array;
  view: DataView;
  /** Where the next byte comes from. */
  pos: number;
}

/** Reads one piece of memory; `wrap` moves it to another. */
export class ByteReader implements ByteSource {
  bytes: Uint8Array;
  view: DataView;
  pos = 0;
  /** First position after the data. */
  end: number;

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
  }

  /** Starts reading `bytes` from its beginning. */
  wrap(bytes: Uint8Array): this {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.pos = 0;
    this.end = bytes.byteLength;
    return this;
  }

  hasMore(): boolean {
    return this.pos < this.end;
  }
}
