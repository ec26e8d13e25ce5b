// Panes: the cells of one namespace (window), for window operators. What they are for:
//
//   const panes = backend.getPaneState<Accumulator>(descriptor, windowType);   // once, in initializeState/open
//   // per record, current key set:
//   const pane = panes.open(window);            // keep it, e.g. in a Map by window end: no lookup per record then
//   const accumulator = pane.get();             // one lookup of (window, key); may be changed in place
//   pane.put(changed);                          // no second lookup after get(); needed after a change in place, too
//   // when the window fires:
//   pane.forEach((value) => …);                 // in a fixed order, with the backend's current key set for each
//   panes.drop(window);                         // the whole window at once
//
// Pane objects stay valid until dropped; after a restore get them anew (panes.all() lists the restored ones). The cells are
// those of the state `descriptor.name`, saved and restored like any other namespaced state.

/** Of rowAt. */
export const NO_ROW = -1;

/** Rows of numbers by key, as PaneState.holdNumbers keeps them where a pane is well filled. The current key's is at rowAt(). */
export interface PaneRows {
  /** Fields of a row stand one after the other; row i begins at i * number of fields. */
  readonly numbers: Float64Array;
  /** 1 where there is a row; its length is the number of rows there may be. Row i of all panes belongs to the same key. */
  readonly present: Uint8Array;
}

export interface Pane<V = unknown> {
  readonly namespace: unknown;
  /** The current key's value; may be changed in place before a put of it. */
  get(): V | undefined;
  /** Sets the current key's value. */
  put(value: V): void;
  /** Removes the current key's value. */
  remove(): void;
  /** Bare numbers instead of values; undefined: use get and put. Another after each put or remove. */
  readonly rows?: PaneRows | undefined;
  /** Where the current key's numbers begin in rows, to be changed there at once; NO_ROW: use get and put. */
  rowAt?(): number;
  /**
   * Calls back for each key with a value, in a fixed order of the pane's own, with the current key set.
   * Values put by the callback for new keys are not visited. The previous current key is set again afterwards.
   */
  forEach(callback: (value: V, key: unknown) => void): void;
  /** The same for callbacks that do not change values: cheaper while a snapshot is being written. */
  forEachReadOnly(callback: (value: V, key: unknown) => void): void;
}

export interface PaneState<V = unknown> {
  /** Pane of the namespace, or undefined when no key has a value in it. */
  find(namespace: unknown): Pane<V> | undefined;
  /** Pane of the namespace, made when missing. */
  open(namespace: unknown): Pane<V>;
  /**
   * Values are objects of these fields, all of them numbers, and nothing more: an equal object may stand for the one that was
   * put. Panes that have values already may keep them as they are. Absent: the backend has no use for it.
   */
  holdNumbers?(fields: readonly string[]): void;
  /** Drops the namespace for all keys. */
  drop(namespace: unknown): void;
  /** All panes that have values, in the order they were made. */
  all(): Iterable<Pane<V>>;
}
