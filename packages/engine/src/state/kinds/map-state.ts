import type { MapState } from '../../api/state.ts';
import type { Namespaced } from '../keyed-state-backend.ts';
import type { MapCells, StoredMap } from './map-cells.ts';
import { claimKeyObject, deleteByKey, findKeyObject } from './object-keys.ts';
import type { TtlPolicy, TtlValue } from './ttl.ts';

type Entry = readonly [key: unknown, stored: unknown];

/** Cells hold Maps; with TTL their values are TtlValues and live and die one by one. */
export class CellMapState<K, V> implements MapState<K, V>, Namespaced {
  readonly #cells: MapCells;
  readonly #policy: TtlPolicy | undefined;
  readonly #cleanUp: () => void;

  constructor(cells: MapCells, policy: TtlPolicy | undefined, cleanUp: () => void) {
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
    const map = this.#cells.find(key);
    if (map === undefined) return undefined;
    const stored = map.get(findKeyObject(map, key));
    return (this.#policy === undefined || stored === undefined ? stored : this.#readEntry(map, key, stored)) as
      | V
      | undefined;
  }

  put(key: K, value: V): void {
    this.#put(key, value);
    if (this.#policy !== undefined) this.#cleanUp();
  }

  putAll(entries: Iterable<readonly [K, V]>): void {
    for (const [key, value] of entries) this.#put(key, value);
  }

  remove(key: K): void {
    const map = this.#cells.find(key);
    if (map !== undefined && deleteByKey(map, key)) this.#cells.write(map);
  }

  contains(key: K): boolean {
    const map = this.#cells.find(key);
    if (map === undefined) return false;
    const found = findKeyObject(map, key);
    if (!map.has(found)) return false;
    return this.#policy === undefined || this.#readEntry(map, key, map.get(found)) !== undefined;
  }

  isEmpty(): boolean {
    if (this.#policy !== undefined) return this.#alive(this.#policy).length === 0;
    for (const map of this.#cells.all()) if (map.size > 0) return false;
    return true;
  }

  /** Goes over the entries of now: changes made while iterating do not disturb it. */
  *entries(): IterableIterator<[K, V]> {
    const entries = this.#policy === undefined ? this.#all() : this.#alive(this.#policy);
    for (const [key, stored] of entries)
      yield [key as K, (this.#policy === undefined ? stored : (stored as TtlValue).v) as V];
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  clear(): void {
    this.#cells.clear();
  }

  #put(key: K, value: V): void {
    const map = this.#cells.claim(key);
    map.set(claimKeyObject(map, key), this.#policy === undefined ? value : this.#policy.wrap(value));
    this.#cells.write(map);
  }

  #readEntry(map: StoredMap, key: unknown, stored: unknown): unknown {
    const policy = this.#policy!;
    const entry = stored as TtlValue;
    if (policy.isExpired(entry)) {
      deleteByKey(map, key);
      this.#cells.write(map);
      return policy.returnsExpired ? entry.v : undefined;
    }
    if (policy.renewsOnRead) {
      map.set(findKeyObject(map, key), policy.wrap(entry.v));
      this.#cells.write(map);
    }
    return entry.v;
  }

  #all(): Entry[] {
    const entries: Entry[] = [];
    for (const map of this.#cells.all()) for (const entry of map) entries.push(entry);
    return entries;
  }

  /** The entries to show: expired ones are taken out of the state (and left out, unless they may be shown). */
  #alive(policy: TtlPolicy): Entry[] {
    const entries = this.#all();
    const isExpired = ([, stored]: Entry) => policy.isExpired(stored as TtlValue);
    for (const entry of entries) {
      if (isExpired(entry)) this.remove(entry[0] as K);
      else if (policy.renewsOnRead) this.#put(entry[0] as K, (entry[1] as TtlValue).v as V);
    }
    return policy.returnsExpired ? entries : entries.filter((entry) => !isExpired(entry));
  }
}
