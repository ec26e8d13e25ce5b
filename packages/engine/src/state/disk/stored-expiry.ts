// Cells that expired after they left the cache: nobody asks for them any more, so a few rows of the store are looked at for
// each row that is written and, more slowly, for each access. Flink does the same while RocksDB compacts.
//   T1. A cached cell is left alone, whatever its row in the store says.
//   T2. Removals are changes: deltas tell of them.

/** Rows looked at for each row written: expired rows are at most about as many as the others. */
const ROWS_PER_WRITE = 2;
/** Rows looked at for each access, so that what is left goes even when nothing is written. */
const ROWS_PER_ACCESS = 1 / 16;
/** Rows looked at in one go: about 0.3 ms. */
const BATCH_ROWS = 512;

export class StoredExpiry {
  readonly #removeExpired: (from: Uint8Array | undefined, count: number) => Uint8Array | undefined;
  #due = 0;
  /** Where to go on; undefined: at the beginning. */
  #from: Uint8Array | undefined;

  /** @param removeExpired looks at `count` rows from `from` on; gives where to go on, undefined at the end */
  constructor(removeExpired: (from: Uint8Array | undefined, count: number) => Uint8Array | undefined) {
    this.#removeExpired = removeExpired;
  }

  onWritten(): void {
    this.#due += ROWS_PER_WRITE;
  }

  onAccess(): void {
    this.#due += ROWS_PER_ACCESS;
    if (this.#due < BATCH_ROWS) return;
    this.#due -= BATCH_ROWS;
    this.#from = this.#removeExpired(this.#from, BATCH_ROWS);
  }
}
