import type { BroadcastState } from '../../api/state.ts';
import { claimKeyObject, deleteByKey, findKeyObject } from '../kinds/object-keys.ts';

/** A map that is the same on every subtask; keys compare by content. */
export class OperatorBroadcastState<K, V> implements BroadcastState<K, V> {
  #map = new Map<K, V>();

  /** What is saved. */
  get content(): ReadonlyMap<K, V> {
    return this.#map;
  }

  replace(content: ReadonlyMap<K, V>): void {
    this.#map = new Map(content);
  }

  get(key: K): V | undefined {
    return this.#map.get(findKeyObject(this.#map, key) as K);
  }

  contains(key: K): boolean {
    return this.#map.has(findKeyObject(this.#map, key) as K);
  }

  entries(): IterableIterator<[K, V]> {
    return [...this.#map].values();
  }

  put(key: K, value: V): void {
    this.#map.set(claimKeyObject(this.#map, key) as K, value);
  }

  putAll(entries: Iterable<readonly [K, V]>): void {
    for (const [key, value] of entries) this.put(key, value);
  }

  remove(key: K): void {
    deleteByKey(this.#map as Map<unknown, unknown>, key);
  }

  clear(): void {
    this.#map = new Map();
  }
}
