import type { MapState } from '../../api/state.ts';
import type { Cells } from '../cells.ts';
import type { Namespaced } from '../keyed-state-backend.ts';
import { claimKeyObject, deleteByKey, findKeyObject } from './object-keys.ts';
import type { TtlPolicy, TtlValue } from './ttl.ts';

type StoredMap = Map<unknown, unknown>;

/** A cell holds a Map; with TTL its values are TtlValues and live and die one by one. */
export class CellMapState<K, V> implements MapState<K, V>, Namespaced {
  readonly #cells: Cells;
  readonly #policy: TtlPolicy | undefined;
  readonly #cleanUp: () => void;

  constructor(cells: Cells, policy: TtlPolicy | undefined, cleanUp: () => void) {
    this.#cells = cells;
    this.#policy = policy;
    this.#cleanUp = cleanUp;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  get(key: K): V | undefined {
    const value = this.#get(key);
    if (this.#policy !== undefined) this.#cleanUp();
    return value;
  }

  #get(key: K): V | undefined {
    const map = this.#read();
    if (map === undefined) return undefined;
    const stored = map.get(findKeyObject(map, key));
    return (this.#policy === undefined || stored === undefined ? stored : this.#readEntry(map, key, stored)) as
      | V
      | undefined;
  }

  put(key: K, value: V): void {
    const map = this.#read() ?? new Map();
    this.#putInto(map, key, value);
    this.#cells.write(map);
    if (this.#policy !== undefined) this.#cleanUp();
  }

  putAll(entries: Iterable<readonly [K, V]>): void {
    const map = this.#read() ?? new Map();
    for (const [key, value] of entries) this.#putInto(map, key, value);
    if (map.size > 0) this.#cells.write(map);
  }

  remove(key: K): void {
    const map = this.#read();
    if (map === undefined || !deleteByKey(map, key)) return;
    this.#writeOrRemove(map);
  }

  contains(key: K): boolean {
    const map = this.#read();
    if (map === undefined) return false;
    const found = findKeyObject(map, key);
    if (!map.has(found)) return false;
    return this.#policy === undefined || this.#readEntry(map, key, map.get(found)) !== undefined;
  }

  isEmpty(): boolean {
    const map = this.#alive();
    return map === undefined || map.size === 0;
  }

  /** Goes over the entries of now: changes made while iterating do not disturb it. */
  *entries(): IterableIterator<[K, V]> {
    const map = this.#alive();
    if (map === undefined) return;
    for (const [key, value] of [...map]) yield [key as K, this.#unwrap(value)];
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  clear(): void {
    this.#cells.remove();
  }

  #read(): StoredMap | undefined {
    return this.#cells.read() as StoredMap | undefined;
  }

  #putInto(map: StoredMap, key: K, value: V): void {
    map.set(claimKeyObject(map, key), this.#policy === undefined ? value : this.#policy.wrap(value));
  }

  #unwrap(stored: unknown): V {
    return (this.#policy === undefined ? stored : (stored as TtlValue).v) as V;
  }

  #writeOrRemove(map: StoredMap): void {
    if (map.size === 0) this.#cells.remove();
    else this.#cells.write(map);
  }

  #readEntry(map: StoredMap, key: unknown, stored: unknown): unknown {
    const policy = this.#policy!;
    const entry = stored as TtlValue;
    if (policy.isExpired(entry)) {
      deleteByKey(map, key);
      this.#writeOrRemove(map);
      return policy.returnsExpired ? entry.v : undefined;
    }
    if (policy.renewsOnRead) {
      map.set(findKeyObject(map, key), policy.wrap(entry.v));
      this.#cells.write(map);
    }
    return entry.v;
  }

  /** The map to iterate: expired entries are taken out of the state (and left out, unless they may be shown). */
  #alive(): StoredMap | undefined {
    const map = this.#read();
    const policy = this.#policy;
    if (map === undefined || policy === undefined) return map;
    const shown: StoredMap = new Map(map);
    let changed = false;
    for (const [key, stored] of shown) {
      if (!policy.isExpired(stored as TtlValue)) {
        if (policy.renewsOnRead) changed = map.set(key, policy.wrap((stored as TtlValue).v)).size > 0;
        continue;
      }
      changed = deleteByKey(map, key);
      if (!policy.returnsExpired) shown.delete(key);
    }
    if (changed) this.#writeOrRemove(map);
    return shown;
  }
}
