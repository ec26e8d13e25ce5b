// Finds where records of CSV end, so that a chunk can be parsed without its cut-off last record.

const LF = 10;

/** Remembers whether the bytes seen so far end inside quotes. */
export class CsvBoundary {
  readonly #quote: number | undefined;
  readonly #escape: number | undefined;
  #inQuotes = false;
  #escaped = false;

  /** @param escapeByte undefined, or a byte other than the quote: the byte after it means nothing; doubled quotes need none */
  constructor(quote: number | undefined, escapeByte: number | undefined) {
    this.#quote = quote;
    this.#escape = escapeByte === quote ? undefined : escapeByte;
  }

  /** @returns index behind the last record end in bytes[from, length); -1: there is none */
  lastRecordEnd(bytes: Buffer, from: number): number {
    if (!this.#inQuotes && !this.#hasQuotes(bytes, from)) {
      const last = bytes.lastIndexOf(LF);
      return last < from ? -1 : last + 1;
    }
    return this.#scan(bytes, from);
  }

  #hasQuotes(bytes: Buffer, from: number): boolean {
    return this.#quote !== undefined && bytes.indexOf(this.#quote, from) !== -1;
  }

  #scan(bytes: Buffer, from: number): number {
    let end = -1;
    for (let i = from; i < bytes.length; i++) {
      const byte = bytes[i];
      if (this.#escaped) this.#escaped = false;
      else if (byte === this.#escape && this.#inQuotes) this.#escaped = true;
      else if (byte === this.#quote) this.#inQuotes = !this.#inQuotes;
      else if (byte === LF && !this.#inQuotes) end = i + 1;
    }
    return end;
  }
}
