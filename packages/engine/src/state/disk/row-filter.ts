// Tells keys that the store cannot have, so that the first record of a key costs no look-up: a Bloom filter with two hashes.
//   F1. A key that was added is never denied. Removed ones are not, either: they are looked up in vain.

/** 2 MiB. Of the keys that are not there, 1 % are looked up in vain beside a million others, 15 % beside four million. */
const BITS = 2 ** 24;
/** Half of the absent keys would be looked up: from here on the filter costs more than it saves. */
const MAX_KEYS = 10_000_000;

export class RowFilter {
  /** Undefined: given up, anything may be there. */
  #words: Uint32Array | undefined = new Uint32Array(BITS / 32);
  #keys = 0;

  add(key: Uint8Array): void {
    const words = this.#words;
    if (words === undefined) return;
    const first = hashBytes(key);
    const second = mix(first);
    const isKnown = isSet(words, first) && isSet(words, second);
    if (isKnown) return;
    set(words, first);
    set(words, second);
    if (++this.#keys > MAX_KEYS) this.#words = undefined;
  }

  mayHave(key: Uint8Array): boolean {
    const words = this.#words;
    if (words === undefined) return true;
    const first = hashBytes(key);
    return isSet(words, first) && isSet(words, mix(first));
  }
}

function isSet(words: Uint32Array, hash: number): boolean {
  const bit = hash & (BITS - 1);
  return (words[bit >>> 5]! & (1 << (bit & 31))) !== 0;
}

function set(words: Uint32Array, hash: number): void {
  const bit = hash & (BITS - 1);
  words[bit >>> 5]! |= 1 << (bit & 31);
}

/** FNV-1a, mixed: its low bits alone depend on little of the key. */
function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return mix(hash);
}

/** murmur3's finalizer. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
