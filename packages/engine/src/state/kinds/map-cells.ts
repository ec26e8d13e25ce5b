// Where the entries of a map state are: in one Map per key and namespace, or in several (disk/split-map).
import type { Cells } from '../cells.ts';

export type StoredMap = Map<unknown, unknown>;

/** The Maps of the current key and the namespace chosen. */
export interface MapCells {
  setCurrentNamespace(namespace: unknown): void;
  /** The Map that has the key's entry if there is one. May be changed together with write only. */
  find(key: unknown): StoredMap | undefined;
  /** The Map to put the key's entry into. */
  claim(key: unknown): StoredMap;
  /** Saves the Map that find or claim gave last, after a change. */
  write(map: StoredMap): void;
  /** All Maps with entries; nothing may change while they are walked. */
  all(): Iterable<StoredMap>;
  clear(): void;
}

export class WholeMap implements MapCells {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  find(_key: unknown): StoredMap | undefined {
    return this.#cells.read() as StoredMap | undefined;
  }

  claim(_key: unknown): StoredMap {
    return (this.#cells.read() as StoredMap | undefined) ?? new Map();
  }

  write(map: StoredMap): void {
    if (map.size === 0) this.#cells.remove();
    else this.#cells.write(map);
  }

  all(): Iterable<StoredMap> {
    const map = this.#cells.read() as StoredMap | undefined;
    return map === undefined ? [] : [map];
  }

  clear(): void {
    this.#cells.remove();
  }
}
