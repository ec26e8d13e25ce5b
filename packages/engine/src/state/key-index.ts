// Key → slot, one lookup per record. Integers (int32) go to an array by key where they are dense and to partitioned
// open-addressing tables else, strings to a Map (many small ones once there are many keys), other primitives likewise,
// objects by their canonical string.
//   I1. No insertion costs more than rehashing one partition: 1/16 of the integers, 2^17 or 1/64 of the strings.
//   I2. Reserve before a bulk load: inserting n keys in the order of another table's cells into a smaller table with the
//       same hash clusters quadratically (a restore took ten times as long without it).
import { canonicalKey, isPrimitiveKey } from './canonical-key.ts';
import { NO_SLOT, PrimitiveIndex, StringIndex } from './segmented-index.ts';

export { NO_SLOT };

const PARTITION_BITS = 4;
const PARTITION_COUNT = 1 << PARTITION_BITS;
const INITIAL_CAPACITY = 16;

export class KeyIndex {
  readonly #integers = new IntegerKeys();
  readonly #strings = new StringIndex();
  readonly #others = new PrimitiveIndex();
  readonly #objects = new StringIndex();

  find(key: unknown): number {
    if (typeof key === 'number' && (key | 0) === key) return this.#integers.find(key);
    if (typeof key === 'string') return this.#strings.find(key);
    return isPrimitiveKey(key) ? this.#others.find(key) : this.#objects.find(canonicalKey(key));
  }

  /** The key must not be in the index. */
  insert(key: unknown, slot: number): void {
    if (typeof key === 'number' && (key | 0) === key) this.#integers.insert(key, slot);
    else if (typeof key === 'string') this.#strings.insert(key, slot);
    else if (isPrimitiveKey(key)) this.#others.insert(key, slot);
    else this.#objects.insert(canonicalKey(key), slot);
  }

  remove(key: unknown): void {
    if (typeof key === 'number' && (key | 0) === key) this.#integers.remove(key);
    else if (typeof key === 'string') this.#strings.remove(key);
    else if (isPrimitiveKey(key)) this.#others.remove(key);
    else this.#objects.remove(canonicalKey(key));
  }

  /** Sizes the integer tables for `count` more keys. Call before a bulk load. */
  reserveIntegers(count: number): void {
    this.#integers.reserve(count);
  }
}

/** Below this the array may cover keys however few there are. */
const MIN_DENSE_LENGTH = 1024;
/** At most 16 MiB of array: beyond it random access misses every cache anyway. */
const MAX_DENSE_LENGTH = 1 << 22;
/** The array is worth its memory while at least every eighth of its cells is used: a table cell takes 16 to 32 bytes. */
const MAX_CELLS_PER_KEY = 8;

/**
 * Integers by value: one array access instead of hashing and probing, for ids counted up from 0.
 *   N1. A key below dense.length is in the array and nowhere else.
 */
class IntegerKeys {
  readonly #sparse = new IntegerIndex();
  /** Slot + 1 by key; 0: none. */
  #dense = new Int32Array(MIN_DENSE_LENGTH);
  #size = 0;

  find(key: number): number {
    // A negative key is far above every length as an unsigned number.
    if (key >>> 0 < this.#dense.length) return this.#dense[key]! - 1;
    return this.#sparse.find(key);
  }

  insert(key: number, slot: number): void {
    this.#size++;
    if (key >>> 0 >= this.#dense.length && this.#isDenseTo(key)) this.#growDense(key);
    if (key >>> 0 < this.#dense.length) this.#dense[key] = slot + 1;
    else this.#sparse.insert(key, slot);
  }

  remove(key: number): void {
    if (this.find(key) === NO_SLOT) return;
    this.#size--;
    if (key >>> 0 < this.#dense.length) this.#dense[key] = 0;
    else this.#sparse.remove(key);
  }

  reserve(count: number): void {
    this.#sparse.reserve(count);
  }

  #isDenseTo(key: number): boolean {
    return key >= 0 && key < MAX_DENSE_LENGTH && key < this.#size * MAX_CELLS_PER_KEY;
  }

  #growDense(key: number): void {
    let length = this.#dense.length;
    while (length <= key) length *= 2;
    const dense = new Int32Array(length);
    dense.set(this.#dense);
    this.#dense = dense;
    this.#sparse.moveBelow(length, dense);
  }
}

/** Open addressing with linear probing; a partition is an Int32Array of [key, slot + 1] pairs, slot + 1 = 0 marks a free cell. */
class IntegerIndex {
  readonly #partitions: Int32Array[] = [];
  readonly #sizes: number[] = [];

  constructor() {
    for (let i = 0; i < PARTITION_COUNT; i++) {
      this.#partitions.push(new Int32Array(INITIAL_CAPACITY * 2));
      this.#sizes.push(0);
    }
  }

  find(key: number): number {
    const hash = mix(key);
    const table = this.#partitions[hash >>> (32 - PARTITION_BITS)]!;
    const mask = table.length - 1;
    let at = (hash << 1) & mask;
    for (;;) {
      const slot = table[at + 1]!;
      if (slot === 0) return NO_SLOT;
      if (table[at] === key) return slot - 1;
      at = (at + 2) & mask;
    }
  }

  insert(key: number, slot: number): void {
    const hash = mix(key);
    const partition = hash >>> (32 - PARTITION_BITS);
    const size = this.#sizes[partition]! + 1;
    this.#sizes[partition] = size;
    // Half full at most: cells = length / 2.
    if (size * 4 > this.#partitions[partition]!.length) this.#grow(partition, this.#partitions[partition]!.length * 2);
    place(this.#partitions[partition]!, hash, key, slot + 1);
  }

  remove(key: number): void {
    const hash = mix(key);
    const partition = hash >>> (32 - PARTITION_BITS);
    const table = this.#partitions[partition]!;
    const mask = table.length - 1;
    let at = (hash << 1) & mask;
    while (table[at + 1] !== 0 && table[at] !== key) at = (at + 2) & mask;
    if (table[at + 1] === 0) return;
    this.#sizes[partition]!--;
    closeGap(table, at);
  }

  reserve(count: number): void {
    // A quarter on top: partitions are not filled quite evenly.
    const perPartition = Math.ceil((count / PARTITION_COUNT) * 1.25);
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      let length = this.#partitions[partition]!.length;
      while ((this.#sizes[partition]! + perPartition) * 4 > length) length *= 2;
      if (length > this.#partitions[partition]!.length) this.#grow(partition, length);
    }
  }

  /** Moves the keys in [0, limit) into `dense` (slot + 1 by key). */
  moveBelow(limit: number, dense: Int32Array): void {
    for (const [partition, table] of this.#partitions.entries()) {
      const moved: number[] = [];
      for (let at = 0; at < table.length; at += 2) {
        if (table[at + 1] !== 0 && table[at]! >>> 0 < limit) moved.push(table[at]!);
      }
      if (moved.length === 0) continue;
      for (const key of moved) dense[key] = this.find(key) + 1;
      this.#rebuildWithout(partition, limit, moved.length);
    }
  }

  #rebuildWithout(partition: number, limit: number, moved: number): void {
    const old = this.#partitions[partition]!;
    const size = this.#sizes[partition]! - moved;
    let length = INITIAL_CAPACITY * 2;
    while (size * 4 > length) length *= 2;
    const table = new Int32Array(length);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] !== 0 && old[at]! >>> 0 >= limit) place(table, mix(old[at]!), old[at]!, old[at + 1]!);
    }
    this.#partitions[partition] = table;
    this.#sizes[partition] = size;
  }

  #grow(partition: number, length: number): void {
    const old = this.#partitions[partition]!;
    const table = new Int32Array(length);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] !== 0) place(table, mix(old[at]!), old[at]!, old[at + 1]!);
    }
    this.#partitions[partition] = table;
  }
}

/** Partition = top bits, cell = low bits, so both must depend on the whole key (murmur3's finalizer). */
function mix(key: number): number {
  let hash = Math.imul(key ^ (key >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function place(table: Int32Array, hash: number, key: number, entry: number): void {
  const mask = table.length - 1;
  let at = (hash << 1) & mask;
  while (table[at + 1] !== 0) at = (at + 2) & mask;
  table[at] = key;
  table[at + 1] = entry;
}

/** Backward shift: moves later entries of the run into the gap, so that no tombstones pile up. */
function closeGap(table: Int32Array, gapStart: number): void {
  const mask = table.length - 1;
  let gap = gapStart;
  let at = (gap + 2) & mask;
  while (table[at + 1] !== 0) {
    const home = (mix(table[at]!) << 1) & mask;
    // The entry may move when its home is not in the cyclic interval (gap, at].
    if (((at - home) & mask) >= ((at - gap) & mask)) {
      table[gap] = table[at]!;
      table[gap + 1] = table[at + 1]!;
      gap = at;
    }
    at = (at + 2) & mask;
  }
  table[gap] = 0;
  table[gap + 1] = 0;
}
