// A cell is the value of one (state, key, namespace). State kinds are written once over this interface; backends implement it.

/** Cells of one state at the current key (and the namespace chosen). */
export interface Cells {
  /** The value, or undefined. The caller may change it in place, and must then call write with it. */
  read(): unknown;
  /** @param value never undefined */
  write(value: unknown): void;
  remove(): void;
  /** Tables without namespaces ignore it. */
  setCurrentNamespace(namespace: unknown): void;
}

/** Writes the cells of one table that a snapshot has not yet, a few at a time. */
export interface SnapshotCursor {
  /** Visits about `maxCells`; true when nothing is left. */
  advance(maxCells: number): boolean;
}

/** All cells of one state, over keys and namespaces. */
export interface CellTable {
  readonly id: number;
  /** A view with a namespace of its own. */
  openCells(): Cells;
  /** Cells stored (rough for disk tables). */
  size(): number;
  /** Calls back for every key that has a cell in any namespace, once, with the key current. Callbacks may change the state. */
  forEachKey(callback: (key: unknown) => void): void;
  /** Replaces every value: a state got or lost its life time between runs. */
  mapValues(change: (value: unknown) => unknown): void;
}
