// The rows of one state in the store. Those of dropped namespaces are not seen (dropped-pages.ts G1).
import { makePrefix, parseStoreKey, prefixLengthOf, type StoreRow, type StoreView } from './cell-store.ts';
import type { DiskTableHost } from './disk-table-host.ts';
import { endOfPrefix, type KeyRange, liveRanges, rangeOf } from './live-ranges.ts';

/** Rows copied out of a scan before anything is done with them, which may change the store. */
const SCAN_BATCH = 1024;

export interface StoredRow {
  readonly key: unknown;
  readonly value: unknown;
}

interface ExpiredRows {
  readonly keys: readonly Uint8Array[];
  /** Where to go on; undefined: at the end. */
  readonly next: Uint8Array | undefined;
}

export class StoredRows {
  readonly #stateId: number;
  readonly #host: DiskTableHost;
  readonly #deadPrefixes: () => readonly Uint8Array[];

  constructor(stateId: number, host: DiskTableHost, deadPrefixes: () => readonly Uint8Array[]) {
    this.#stateId = stateId;
    this.#host = host;
    this.#deadPrefixes = deadPrefixes;
  }

  isAnyUnder(prefix: Uint8Array): boolean {
    return this.keysUnder(prefix, undefined, 1).length > 0;
  }

  /** Keys in order, at most `count`. @param after undefined: from the first on */
  keysUnder(prefix: Uint8Array, after: Uint8Array | undefined, count: number): readonly Uint8Array[] {
    if (!this.#host.mayHaveRows()) return [];
    const { start, end } = rangeOf(prefix);
    return this.#withView((view) => {
      const keys: Uint8Array[] = [];
      for (const key of view.scanKeys(after === undefined ? start : keyAfter(after), end)) {
        keys.push(key.slice());
        if (keys.length === count) break;
      }
      return keys;
    });
  }

  /** Decoded, in batches: what is done with them may change the store. */
  *under(prefix: Uint8Array): IterableIterator<StoredRow> {
    const { codec } = this.#host;
    const batches = this.#batches([rangeOf(prefix)], ({ key, value }) => ({
      key: codec.decodeKeyOf(key),
      value: codec.decodeValue(this.#stateId, value),
    }));
    for (const batch of batches) yield* batch;
  }

  /** Bytes of the namespaces that have rows; jumps from one to the next. */
  *namespaces(): IterableIterator<Uint8Array> {
    if (!this.#host.mayHaveRows()) return;
    const view = this.#host.openView();
    try {
      for (const { start, end } of this.#liveRanges()) {
        for (let from: Uint8Array | undefined = start; from !== undefined; ) {
          const key = firstKey(view, from, end);
          if (key !== undefined) yield parseStoreKey(key).namespace;
          from = key && endOfPrefix(key.subarray(0, prefixLengthOf(key)));
        }
      }
    } finally {
      view.close();
    }
  }

  /** @returns of `count` rows from `from` on those that have expired */
  findExpired(from: Uint8Array | undefined, count: number, isExpired: (value: unknown) => boolean): ExpiredRows {
    if (!this.#host.mayHaveRows()) return { keys: [], next: undefined };
    return this.#withView((view) => {
      const keys: Uint8Array[] = [];
      let left = count;
      for (const range of this.#liveRanges(from)) {
        for (const { key, value } of view.scanRange(range.start, range.end)) {
          if (left-- === 0) return { keys, next: key.slice() };
          if (isExpired(this.#host.codec.decodeValue(this.#stateId, value))) keys.push(key.slice());
        }
      }
      return { keys, next: undefined };
    });
  }

  /** @param epoch at which they were removed, for deltas */
  remove(keys: readonly Uint8Array[], epoch: number): void {
    if (keys.length === 0) return;
    this.#host.write((writer) => {
      for (const key of keys) writer.remove(key);
    });
    for (const key of keys) this.#host.recordChange(key, epoch);
  }

  /** Writes all rows anew, with the present serializers (see DiskCellCodec.rememberFormer). */
  rewrite(change: (value: unknown) => unknown): void {
    const { codec } = this.#host;
    const rows = this.#batches(this.#liveRanges(), ({ key, value }) => ({
      storeKey: key.slice(),
      value: change(codec.decodeStored(this.#stateId, value)),
    }));
    for (const batch of rows) {
      this.#host.write((writer) => {
        for (const { storeKey, value } of batch) {
          const { namespace, generation, keyGroup, key } = parseStoreKey(storeKey);
          writer.remove(storeKey);
          const prefix = makePrefix(this.#stateId, codec.renewNamespace(this.#stateId, namespace), generation);
          writer.put(codec.storeKeyOfEncoded(prefix, keyGroup, key), codec.encodeValue(this.#stateId, value));
        }
      });
    }
  }

  #liveRanges(from?: Uint8Array): Iterable<KeyRange> {
    const { start, end } = rangeOf(makePrefix(this.#stateId));
    return liveRanges({ start: from ?? start, end }, this.#deadPrefixes());
  }

  *#batches<T>(ranges: Iterable<KeyRange>, copy: (row: StoreRow) => T): IterableIterator<readonly T[]> {
    if (!this.#host.mayHaveRows()) return;
    const view = this.#host.openView();
    try {
      let batch: T[] = [];
      for (const { start, end } of ranges) {
        for (const row of view.scanRange(start, end)) {
          batch.push(copy(row));
          if (batch.length < SCAN_BATCH) continue;
          yield batch;
          batch = [];
        }
      }
      if (batch.length > 0) yield batch;
    } finally {
      view.close();
    }
  }

  #withView<T>(read: (view: StoreView) => T): T {
    const view = this.#host.openView();
    try {
      return read(view);
    } finally {
      view.close();
    }
  }
}

function firstKey(view: StoreView, start: Uint8Array, end: Uint8Array): Uint8Array | undefined {
  for (const key of view.scanKeys(start, end)) return key.slice();
  return undefined;
}

/** The smallest key greater than this one. */
function keyAfter(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
