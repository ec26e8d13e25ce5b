// The cells that are on disk: one lmdb environment per backend. It is working storage only, emptied at start and never synced:
// what must survive is in checkpoints.
//   key   [state u16][namespace bytes u16][namespace][key group u16][key]   (big-endian, so that a window's cells lie together)
//   value as in state files
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { open as openLmdb, RootDatabase } from 'lmdb';
import { appError } from '../../errors.ts';
import { lazyRequire } from '../../lazy-require.ts';
import { RowFilter } from './row-filter.ts';

/** lmdb's limit for keys at 4 KiB pages is 1978. */
const MAX_KEY_BYTES = 1978;
/** mdb_txn_begin flags that lmdb calls NO_SYNC_FLUSH: commit without waiting for the disk. */
const NO_SYNC_FLUSH = 0x10000;
/** Every run of a snapshot and every scan holds a reader for its time. */
const MAX_READERS = 64;

const STATE_BYTES = 2;
const NAMESPACE_LENGTH_BYTES = 2;
const GROUP_BYTES = 2;

/** A view of the store that later writes do not change. */
export interface StoreView {
  get(key: Uint8Array): Uint8Array | undefined;
  /** Rows whose key begins with `prefix`, in key order. The value is valid until the next step. */
  scan(prefix: Uint8Array): Iterable<StoreRow>;
  /** Keys alone: cheaper. */
  scanKeys(prefix: Uint8Array): Iterable<Uint8Array>;
  scanRange(from: Uint8Array, end: Uint8Array): Iterable<StoreRow>;
  close(): void;
}

export interface StoreRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Changes of one transaction. */
export interface StoreWriter {
  put(key: Uint8Array, value: Uint8Array): void;
  remove(key: Uint8Array): void;
}

export interface StoreKeyParts {
  readonly stateId: number;
  readonly namespace: Uint8Array;
  readonly keyGroup: number;
  readonly key: Uint8Array;
}

export class CellStore {
  readonly #database: RootDatabase<Uint8Array, Uint8Array>;
  readonly #writer: StoreWriter;
  /** Undefined: nothing was ever written. */
  #filter: RowFilter | undefined;

  constructor(directory: string) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const { open } = lazyRequire('lmdb') as { open: typeof openLmdb };
    this.#database = open<Uint8Array, Uint8Array>({
      path: join(directory, 'state.mdb'),
      noSubdir: true,
      encoding: 'binary',
      keyEncoding: 'binary',
      cache: false,
      noSync: true,
      noMetaSync: true,
      overlappingSync: false,
      maxReaders: MAX_READERS,
    });
    this.#writer = {
      put: (key, value) => {
        this.#filter!.add(key);
        this.#database.putSync(key, value);
      },
      remove: (key) => this.#database.removeSync(key),
    };
  }

  /** False as long as nothing was ever written: then no look-up is needed. */
  get mayHaveRows(): boolean {
    return this.#filter !== undefined;
  }

  /** The result is valid until the next call. */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.#filter?.mayHave(key) === true ? this.#database.getBinaryFast(key) : undefined;
  }

  /**
   * One transaction: what `change` puts and removes is in the store together or, when it throws, not at all. Keys and values
   * are copied at once.
   */
  write(change: (writer: StoreWriter) => void): void {
    this.#filter ??= new RowFilter();
    // The callback must not return a promise: lmdb would commit before it is done.
    this.#database.transactionSync(() => {
      change(this.#writer);
    }, NO_SYNC_FLUSH);
  }

  openView(): StoreView {
    const database = this.#database;
    const transaction = database.useReadTransaction();
    return {
      get: (key) => database.get(key, { transaction }),
      scan: (prefix) => database.getRange({ start: prefix, end: endOfPrefix(prefix), transaction }),
      scanKeys: (prefix) => database.getKeys({ start: prefix, end: endOfPrefix(prefix), transaction }),
      scanRange: (start, end) => database.getRange({ start, end, transaction }),
      close: () => transaction.done(),
    };
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

/** @throws STATE_KEY_TOO_LARGE */
export function checkStoreKeySize(sizeBytes: number): void {
  if (sizeBytes > MAX_KEY_BYTES) throw appError('STATE_KEY_TOO_LARGE', [sizeBytes, MAX_KEY_BYTES]);
}

/** Prefix of a state's rows, or of those in one namespace. */
export function makePrefix(stateId: number, namespace?: Uint8Array): Uint8Array {
  if (namespace === undefined) return Uint8Array.of(stateId >> 8, stateId & 0xff);
  const bytes = new Uint8Array(STATE_BYTES + NAMESPACE_LENGTH_BYTES + namespace.length);
  bytes[0] = stateId >> 8;
  bytes[1] = stateId & 0xff;
  bytes[2] = namespace.length >> 8;
  bytes[3] = namespace.length & 0xff;
  bytes.set(namespace, STATE_BYTES + NAMESPACE_LENGTH_BYTES);
  return bytes;
}

export function parseStoreKey(bytes: Uint8Array): StoreKeyParts {
  const namespaceStart = STATE_BYTES + NAMESPACE_LENGTH_BYTES;
  const namespaceEnd = namespaceStart + ((bytes[2]! << 8) | bytes[3]!);
  return {
    stateId: (bytes[0]! << 8) | bytes[1]!,
    namespace: bytes.subarray(namespaceStart, namespaceEnd),
    keyGroup: (bytes[namespaceEnd]! << 8) | bytes[namespaceEnd + 1]!,
    key: bytes.subarray(namespaceEnd + GROUP_BYTES),
  };
}

/** Where the key itself begins in a store key. */
export function keyOffsetOf(storeKey: Uint8Array): number {
  return STATE_BYTES + NAMESPACE_LENGTH_BYTES + ((storeKey[2]! << 8) | storeKey[3]!) + GROUP_BYTES;
}

/** First key after all that begin with the prefix. No prefix is all 0xFF: state ids are small. */
export function endOfPrefix(prefix: Uint8Array): Uint8Array {
  const end = prefix.slice();
  let last = end.length - 1;
  while (end[last] === 0xff) last--;
  end[last]!++;
  return end.subarray(0, last + 1);
}
