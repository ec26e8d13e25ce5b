// The cells that are on disk: one lmdb environment per backend. It is working storage only, emptied at start and never synced:
// what must survive is in checkpoints.
//   key   [state u16][generation 5 bits, namespace bytes 11 bits][namespace][key group u16][key]
//         (big-endian, so that a window's cells lie together; generation: see dropped-pages.ts)
//   value as in state files
import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
/** Bits of a namespace's length: MAX_KEY_BYTES has room in them. */
const LENGTH_BITS = 11;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;
/** A namespace has so many prefixes. */
export const GENERATIONS: number = 1 << (16 - LENGTH_BITS);

/** A view of the store that later writes do not change. */
export interface StoreView {
  get(key: Uint8Array): Uint8Array | undefined;
  /** In key order. The value is valid until the next step. */
  scanRange(start: Uint8Array, end: Uint8Array): Iterable<StoreRow>;
  /** Keys alone: cheaper. */
  scanKeys(start: Uint8Array, end: Uint8Array): Iterable<Uint8Array>;
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
  readonly generation: number;
  readonly namespace: Uint8Array;
  readonly keyGroup: number;
  readonly key: Uint8Array;
}

export class CellStore {
  readonly #database: RootDatabase<Uint8Array, Uint8Array>;
  readonly #writer: StoreWriter;
  /** Undefined: nothing was ever written. */
  #filter: RowFilter | undefined;

  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
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
      scanRange: (start, end) => database.getRange({ start, end, transaction }),
      scanKeys: (start, end) => database.getKeys({ start, end, transaction }),
      close: () => transaction.done(),
    };
  }

  /** Nobody reads it again: a task that is restarted begins with an empty one, in a directory of its own. */
  async close(): Promise<void> {
    await this.#database.close();
    rmSync(this.#directory, { recursive: true, force: true });
    removeIfEmpty(dirname(this.#directory));
  }
}

/** The folder of an execution goes with the last of its operators. */
function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // others are in it
  }
}

/** @throws STATE_KEY_TOO_LARGE */
export function checkStoreKeySize(sizeBytes: number): void {
  if (sizeBytes > MAX_KEY_BYTES) throw appError('STATE_KEY_TOO_LARGE', [sizeBytes, MAX_KEY_BYTES]);
}

/**
 * Prefix of a state's rows, or of those in one namespace.
 * @param generation which of the namespace's prefixes, in [0, GENERATIONS)
 */
export function makePrefix(stateId: number, namespace?: Uint8Array, generation = 0): Uint8Array {
  if (namespace === undefined) return Uint8Array.of(stateId >> 8, stateId & 0xff);
  const bytes = new Uint8Array(STATE_BYTES + NAMESPACE_LENGTH_BYTES + namespace.length);
  bytes[0] = stateId >> 8;
  bytes[1] = stateId & 0xff;
  writeNamespaceHeader(bytes, generation, namespace.length);
  bytes.set(namespace, STATE_BYTES + NAMESPACE_LENGTH_BYTES);
  return bytes;
}

function writeNamespaceHeader(bytes: Uint8Array, generation: number, length: number): void {
  const header = (generation << LENGTH_BITS) | (length & LENGTH_MASK);
  bytes[STATE_BYTES] = header >> 8;
  bytes[STATE_BYTES + 1] = header & 0xff;
}

function namespaceHeader(storeKey: Uint8Array): number {
  return (storeKey[STATE_BYTES]! << 8) | storeKey[STATE_BYTES + 1]!;
}

export function parseStoreKey(bytes: Uint8Array): StoreKeyParts {
  const namespaceEnd = prefixLengthOf(bytes);
  return {
    stateId: (bytes[0]! << 8) | bytes[1]!,
    generation: namespaceHeader(bytes) >> LENGTH_BITS,
    namespace: bytes.subarray(STATE_BYTES + NAMESPACE_LENGTH_BYTES, namespaceEnd),
    keyGroup: (bytes[namespaceEnd]! << 8) | bytes[namespaceEnd + 1]!,
    key: bytes.subarray(namespaceEnd + GROUP_BYTES),
  };
}

/** Bytes of the prefix of state and namespace that a store key begins with. */
export function prefixLengthOf(storeKey: Uint8Array): number {
  return STATE_BYTES + NAMESPACE_LENGTH_BYTES + (namespaceHeader(storeKey) & LENGTH_MASK);
}

/** Where the key itself begins in a store key. */
export function keyOffsetOf(storeKey: Uint8Array): number {
  return prefixLengthOf(storeKey) + GROUP_BYTES;
}
