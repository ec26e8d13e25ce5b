// One entry per key, found by value: the hash table behind sorted grouping and joins. Sorting the keys at the end gives the
// sequence that sorting all records would.
import { canonicalKey, isPrimitiveKey } from '../../../state/canonical-key.ts';
import { compareValues } from './value-order.ts';

export interface KeyEntry<V> {
  readonly key: unknown;
  value: V;
}

export class KeyTable<V> {
  /** Keys that === compares; NaN is one key, as in every Map. */
  readonly #primitive = new Map<unknown, KeyEntry<V>>();
  /** The others, by canonical text. */
  readonly #composite = new Map<string, KeyEntry<V>>();

  get size(): number {
    return this.#primitive.size + this.#composite.size;
  }

  get(key: unknown): KeyEntry<V> | undefined {
    return isPrimitiveKey(key) ? this.#primitive.get(key) : this.#composite.get(canonicalKey(key));
  }

  add(key: unknown, value: V): void {
    const entry: KeyEntry<V> = { key, value };
    if (isPrimitiveKey(key)) this.#primitive.set(key, entry);
    else this.#composite.set(canonicalKey(key), entry);
  }

  /** Takes all entries out, ordered by key. */
  drainSorted(): KeyEntry<V>[] {
    const entries = [...this.#primitive.values(), ...this.#composite.values()];
    this.#primitive.clear();
    this.#composite.clear();
    return entries.sort((a, b) => compareValues(a.key, b.key));
  }
}
