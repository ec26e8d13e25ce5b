// Keys that a Map finds. Growing a Map moves all of its keys at once, so many keys are spread over many Maps.
//   S1. One Map up to FIRST_LIMIT keys, because looking into a segment costs 10 to 25 % more. Then segments, chosen by a
//       few characters or bits of the key. How well those spread the keys only decides how long a segment takes to grow.
//   S2. The keys of the first Map move to the segments a few with each insertion. Until all have, it has all it ever had, so
//       that nothing is moved twice: a key is looked for in its segment, then there.

/** Returned when a key has no slot. */
export const NO_SLOT = -1;

/** Growing to it moves half as many keys: about 10 ms; growing one Map to 2^20 stops the task for 40 to 90 ms. */
const FIRST_LIMIT = 1 << 18;
/** At 10 million keys growing one takes as long as the first Map did. */
const SEGMENT_BITS = 6;
const SEGMENTS = 1 << SEGMENT_BITS;
/** All have moved when half as many again were inserted. */
const MOVES_PER_INSERT = 2;

abstract class SegmentedIndex<K> {
  /** Undefined: all have moved. */
  #first: Map<K, number> | undefined = new Map();
  #segments: Map<K, number>[] | undefined;
  #moving: Iterator<[K, number]> | undefined;
  readonly #firstLimit: number;

  /** @param firstLimit keys of the first Map */
  constructor(firstLimit = FIRST_LIMIT) {
    this.#firstLimit = firstLimit;
  }

  /** @returns in [0, SEGMENTS) */
  protected abstract segmentOf(key: K): number;

  find(key: K): number {
    if (this.#segments !== undefined) {
      const slot = this.#segments[this.segmentOf(key)]!.get(key);
      if (slot !== undefined) return slot;
      if (this.#first === undefined) return NO_SLOT;
    }
    return this.#first!.get(key) ?? NO_SLOT;
  }

  /** The key must not be in the index. */
  insert(key: K, slot: number): void {
    if (this.#segments === undefined && this.#first!.size < this.#firstLimit) {
      this.#first!.set(key, slot);
      return;
    }
    this.#segments ??= Array.from({ length: SEGMENTS }, () => new Map<K, number>());
    this.#segments[this.segmentOf(key)]!.set(key, slot);
    if (this.#first !== undefined) this.#move(this.#first, this.#segments);
  }

  remove(key: K): void {
    this.#first?.delete(key);
    this.#segments?.[this.segmentOf(key)]?.delete(key);
  }

  #move(from: Map<K, number>, to: readonly Map<K, number>[]): void {
    this.#moving ??= from.entries();
    for (let i = 0; i < MOVES_PER_INSERT; i++) {
      const next = this.#moving.next();
      if (next.done === true) {
        this.#first = undefined;
        this.#moving = undefined;
        return;
      }
      const [key, slot] = next.value;
      to[this.segmentOf(key)]!.set(key, slot);
    }
  }
}

export class StringIndex extends SegmentedIndex<string> {
  /** Ids differ in their last characters, most other keys in the middle or in length. Few characters: this is in every look-up. */
  protected override segmentOf(key: string): number {
    const { length } = key;
    if (length === 0) return 0;
    const last = key.charCodeAt(length - 1);
    const beforeLast = length > 1 ? key.charCodeAt(length - 2) : 0;
    return (last + beforeLast * 7 + key.charCodeAt(length >> 1) * 31 + length) % SEGMENTS;
  }
}

/** Primitives other than strings and int32. */
export class PrimitiveIndex extends SegmentedIndex<unknown> {
  protected override segmentOf(key: unknown): number {
    if (typeof key === 'bigint') return Number(BigInt.asUintN(SEGMENT_BITS, key));
    if (typeof key !== 'number' || !Number.isFinite(key)) return 0;
    // Whole numbers beyond int32, by their low bits; fractions are scaled up to have some.
    const whole = Number.isInteger(key) ? key : key * 0x10000;
    return Math.imul(whole % 0x100000000, 0x85ebca6b) >>> (32 - SEGMENT_BITS);
  }
}
