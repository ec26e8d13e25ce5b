// The sessions of one key: which windows there are and under which namespace each keeps its contents. When windows merge,
// the contents stay where the first of them had put its own (source of the protocol: Apache Flink, MergingWindowSet).
//   G1. Every window in flight has exactly one state namespace; it does not change when the window grows.
import { type ValueState, ValueStateDescriptor } from '../../../api/state.ts';
import type { Window } from '../../../api/windows/window.ts';
import type { WindowAssigner } from '../../../api/windows/window-assigner.ts';
import { assert } from '../../../errors.ts';
import { canonicalKey } from '../../../state/canonical-key.ts';
import type { KeyedStateBackend } from '../../../state/keyed-state-backend.ts';
import type { WindowNamespace } from './window-namespace.ts';

/** Flink's name of this state. */
const STATE_NAME = 'merging-window-set';

/** Namespaces: [window, where its contents are]. */
type SavedEntry = readonly [unknown, unknown];

interface Entry {
  readonly window: Window;
  readonly namespace: unknown;
  readonly stateNamespace: unknown;
}

export interface MergeEvent {
  readonly result: Window;
  /** The windows that were merged and had been there before. */
  readonly merged: readonly Window[];
  readonly resultStateNamespace: unknown;
  /** State namespaces whose contents go into resultStateNamespace. */
  readonly mergedStateNamespaces: readonly unknown[];
}

export type OnMerge = (event: MergeEvent) => void;

export class MergingWindowSet {
  readonly #assigner: WindowAssigner<unknown, Window>;
  readonly #namespaces: WindowNamespace;
  readonly #state: ValueState<readonly SavedEntry[]>;
  #entries = new Map<string, Entry>();
  #changed = false;

  constructor(assigner: WindowAssigner<unknown, Window>, namespaces: WindowNamespace, backend: KeyedStateBackend) {
    this.#assigner = assigner;
    this.#namespaces = namespaces;
    this.#state = backend.getValueState(new ValueStateDescriptor<readonly SavedEntry[]>(STATE_NAME));
  }

  /** Reads the sessions of the current key; persist() when done with it. */
  load(): void {
    this.#changed = false;
    this.#entries = new Map();
    for (const [namespace, stateNamespace] of this.#state.value() ?? []) {
      this.#put({ window: this.#namespaces.fromNamespace(namespace), namespace, stateNamespace });
    }
  }

  persist(): void {
    if (!this.#changed) return;
    this.#changed = false;
    if (this.#entries.size === 0) this.#state.clear();
    else this.#state.update([...this.#entries.values()].map((entry) => [entry.namespace, entry.stateNamespace]));
  }

  /** Where the contents of `window` are; undefined: no such window. */
  stateNamespaceOf(window: Window): unknown {
    return this.#entries.get(this.#idOf(window))?.stateNamespace;
  }

  retire(window: Window): void {
    this.#changed = this.#entries.delete(this.#idOf(window)) || this.#changed;
  }

  /** Adds a window, merging as the assigner says. @returns the window that now holds the new one */
  add(newWindow: Window, onMerge: OnMerge): Window {
    assert(this.#assigner.mergeWindows, 'a merging window set has a merging assigner');
    const newId = this.#idOf(newWindow);
    const windows = [...this.#entries.values()].map((entry) => entry.window);
    if (!this.#entries.has(newId)) windows.push(newWindow);
    let holder: Window | undefined;
    const groups: { merged: readonly Window[]; result: Window }[] = [];
    this.#assigner.mergeWindows(windows, (merged, result) => groups.push({ merged, result }));
    for (const { merged, result } of groups) {
      const others = merged.filter((window) => this.#idOf(window) !== newId || this.#entries.has(newId));
      if (merged.some((window) => this.#idOf(window) === newId)) holder = result;
      this.#merge(others, result, onMerge);
    }
    if (holder !== undefined) return holder;
    if (!this.#entries.has(newId)) this.#insertFresh(newWindow);
    return newWindow;
  }

  #merge(merged: readonly Window[], result: Window, onMerge: OnMerge): void {
    const entries = merged.flatMap((window) => this.#entries.get(this.#idOf(window)) ?? []);
    const kept = entries[0];
    assert(kept, 'a merge has at least one window that was there before');
    for (const entry of entries) this.#entries.delete(this.#idOf(entry.window));
    const namespace = this.#namespaces.toNamespace(result);
    this.#put({ window: result, namespace, stateNamespace: kept.stateNamespace });
    this.#changed = true;
    // One window that already was the result: the new one fell inside it.
    if (entries.length === 1 && this.#idOf(kept.window) === this.#idOf(result)) return;
    onMerge({
      result,
      merged: entries.map((entry) => entry.window),
      resultStateNamespace: kept.stateNamespace,
      mergedStateNamespaces: entries.slice(1).map((entry) => entry.stateNamespace),
    });
  }

  #insertFresh(window: Window): void {
    const namespace = this.#namespaces.toNamespace(window);
    this.#put({ window, namespace, stateNamespace: namespace });
    this.#changed = true;
  }

  #put(entry: Entry): void {
    this.#entries.set(canonicalKey(entry.namespace), entry);
  }

  #idOf(window: Window): string {
    return canonicalKey(this.#namespaces.toNamespace(window));
  }
}
