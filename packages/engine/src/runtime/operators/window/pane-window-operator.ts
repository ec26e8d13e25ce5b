// Tumbling and sliding windows with the default trigger and reduce or aggregate: the fast path. Accumulators stand in
// panes, tables by key of one slice of time; a window has one entry in a timeline instead of a timer per key.
// Results equal those of window-operator.ts, element by element for each key; between keys the order is its own.
//   Y1. A pane exists as long as a window that is not gone needs it.
//   Y2. Sliding windows share panes when the aggregate can merge: an element is added once, panes merge at firing.
//       Not by processing time: subtasks fire at different moments, so a restored pane would not tell for which of its keys
//       a window has fired.
//   Y3. Elements of one key and pane are added in their order, so a sum of doubles is the one a plain loop gives.
//   Y4. Windows fire in the order of their ends; results of one firing leave in slices while the output has room (O5).
//   Y5. By processing time nothing is late: when the clock goes back, a window that has fired begins anew.

import { type TypeInformation, Types } from '../../../api/type-information.ts';
import { TimeWindow } from '../../../api/windows/window.ts';
import { requireTimestamp } from '../../../api/windows/window-timestamp.ts';
import type { WindowSpec } from '../../../graph/operator-spec.ts';
import type { KeyedStateBackend } from '../../../state/keyed-state-backend.ts';
import type { PaneState } from '../../../state/pane.ts';
import { compileInstance } from '../instance-function.ts';
import { keyedStateOf } from '../keyed-context.ts';
import { LifecycleOperator } from '../lifecycle-operator.ts';
import { createInput } from '../operator-input.ts';
import type {
  OperatorContext,
  OperatorInput,
  OperatorSnapshotContext,
  StateInitializationContext,
} from '../stream-operator.ts';
import { createLateElementHandler } from './late-elements.ts';
import { NamespacedStates } from './namespaced-states.ts';
import type { PaneAccumulation } from './pane-accumulation.ts';
import { type CountedPane, collectContent, countKeys, mergeCurrentKey } from './pane-contents.ts';
import { type EmitRows, emitRowsSource, windowElementSource } from './pane-sources.ts';
import {
  describeGeometry,
  lastPaneStartsOf,
  paneStartsOf,
  type SliceGeometry,
  sliceStartOf,
  windowStartsOf,
} from './slice-geometry.ts';
import { WindowAlarm } from './window-alarm.ts';
import { WindowFunctionContext } from './window-function-context.ts';
import { windowNamespaceOf } from './window-namespace.ts';
import { WindowTimeline } from './window-timeline.ts';
import { WindowWatermark } from './window-watermark.ts';

/** Results emitted between two looks at the output. */
const RESULTS_PER_STEP = 64;

/** Where the elements of one slice go; the compiled function keeps the last one at hand. */
interface SliceTarget {
  /** NaN: no slice chosen. */
  startMs: number;
  endMs: number;
  panes: readonly CountedPane[];
  /** The only one of `panes`, when shared or tumbling. */
  counted: CountedPane | undefined;
}

/** Results of one window on their way out. */
interface Firing {
  /** Results or places of results. */
  readonly count: number;
  next: number;
  /** Emits the results [from, to). */
  readonly emit: (from: number, to: number) => void;
}

export class PaneWindowOperator extends LifecycleOperator {
  readonly inputs: readonly OperatorInput[];
  readonly #spec: WindowSpec;
  readonly #backend: KeyedStateBackend;
  readonly #assignerName: string;
  readonly #geometry: SliceGeometry;
  readonly #accumulation: PaneAccumulation;
  readonly #watermark: WindowWatermark;
  readonly #timeline: WindowTimeline;
  /** By processing time. */
  readonly #alarm: WindowAlarm | undefined;
  readonly #paneState: PaneState;
  /** By namespace: start of the slice, or of the window when not shared. */
  readonly #panes = new Map<number, CountedPane>();
  readonly #target: SliceTarget = { startMs: Number.NaN, endMs: Number.NaN, panes: [], counted: undefined };
  readonly #functionContext: WindowFunctionContext;
  readonly #handleLate: (value: unknown) => void;
  readonly #collector: { collect(value: unknown): void };
  /** Undefined: panes hold no rows of numbers, or a window function wants their keys. */
  readonly #emitRows: EmitRows | undefined;
  #firing: Firing | undefined;

  constructor(spec: WindowSpec, context: OperatorContext, geometry: SliceGeometry, accumulation: PaneAccumulation) {
    super(spec.rich, context);
    this.#spec = spec;
    this.#backend = keyedStateOf(context);
    this.#assignerName = String(spec.assigner);
    this.#geometry = geometry;
    this.#accumulation = accumulation;
    const { isEventTime } = spec.assigner;
    this.#watermark = new WindowWatermark(context, describePanes(geometry, isEventTime));
    const fireAfterMs = geometry.sizeMs - 1;
    this.#timeline = new WindowTimeline(fireAfterMs, fireAfterMs + (isEventTime ? spec.allowedLatenessMs : 0));
    this.#alarm = isEventTime ? undefined : this.#createAlarm();
    this.#paneState = this.#backend.getPaneState(accumulation.descriptor, Types.double as TypeInformation);
    const holdsNumbers = this.#holdNumbers();
    this.#emitRows = holdsNumbers && spec.fn === undefined ? this.#compileEmitRows() : undefined;
    this.#functionContext = this.#createFunctionContext();
    this.#handleLate = createLateElementHandler(spec, context);
    this.#collector = { collect: context.output.collect };
    this.inputs = [this.#createInput(holdsNumbers)];
  }

  override async initializeState(state: StateInitializationContext): Promise<void> {
    if (state.isRestored) this.#restorePanes();
    await super.initializeState(state);
  }

  override snapshotState(snapshot: OperatorSnapshotContext): void | Promise<void> {
    this.#watermark.save();
    return super.snapshotState(snapshot);
  }

  override async close(): Promise<void> {
    this.#alarm?.cancel();
    await super.close();
  }

  /** Windows that end up to it have fired and are not fired again: -Infinity by processing time (Y5). */
  get #passedMs(): number {
    return this.#alarm === undefined ? this.#watermark.currentMs : Number.NEGATIVE_INFINITY;
  }

  /** Points the target at the slice of an element. @returns false: a window of the slice has fired already */
  #selectTarget(timestampMs: number): boolean {
    const geometry = this.#geometry;
    const startMs = sliceStartOf(geometry, requireTimestamp(timestampMs, this.#assignerName));
    const windows = windowStartsOf(geometry, startMs);
    const passedMs = this.#passedMs;
    // Earliest last: when it has not fired, none has.
    if (this.#timeline.isFired(windows[windows.length - 1]!, passedMs)) return false;
    for (const window of windows) this.#timeline.add(window, passedMs);
    this.#alarm?.setTo(this.#timeline.earliestFireMs());
    const target = this.#target;
    target.panes = (geometry.shared ? [startMs] : windows).map((start) => this.#openPane(start));
    target.counted = target.panes[0];
    target.startMs = startMs;
    target.endMs = startMs + geometry.sliceMs;
    return true;
  }

  /** An element of which at least one window has fired: counts for those not gone, and fires the fired ones again. */
  #addLate(value: unknown, timestampMs: number): void {
    const startMs = sliceStartOf(this.#geometry, timestampMs);
    const watermarkMs = this.#watermark.currentMs;
    const windows = windowStartsOf(this.#geometry, startMs);
    const alive = windows.filter((window) => !this.#timeline.isGone(window, watermarkMs));
    if (alive.length === 0) {
      this.#handleLate(value);
      return;
    }
    for (const window of alive) this.#timeline.add(window, watermarkMs);
    for (const paneStart of this.#geometry.shared ? [startMs] : alive) this.#addTo(this.#openPane(paneStart), value);
    for (const window of alive) {
      if (this.#timeline.isFired(window, watermarkMs)) this.#fireForCurrentKey(window);
    }
  }

  #fireForCurrentKey(windowStartMs: number): void {
    const accumulator = mergeCurrentKey(this.#panesOf(windowStartMs), this.#accumulation);
    if (accumulator === undefined) return;
    const previousMs = this.context.cell.timestampMs;
    this.#emit(this.#windowAt(windowStartMs), this.#backend.currentKey(), accumulator);
    this.context.cell.timestampMs = previousMs;
  }

  /** @returns false: no room, call again */
  #advanceWatermark(watermarkMs: number): boolean {
    this.#watermark.advance(watermarkMs);
    return this.#alarm !== undefined || this.#fireUpTo(watermarkMs);
  }

  /** Fires and drops what is due, in order of time. @returns false: no room, call again */
  #fireUpTo(timeMs: number): boolean {
    for (;;) {
      if (this.#firing !== undefined && !this.#emitFiring(this.#firing)) return false;
      const event = this.#timeline.takeDue(timeMs);
      if (event === undefined) return true;
      this.#target.startMs = Number.NaN;
      if (event.kind === 'fire') this.#firing = this.#createFiring(event.startMs);
      else this.#dropWindow(event.startMs);
    }
  }

  #createFiring(windowStartMs: number): Firing {
    return this.#tryCreateRowFiring(windowStartMs) ?? this.#createValueFiring(windowStartMs);
  }

  /** @returns undefined: a pane is not well filled, or its values are no rows of numbers */
  #tryCreateRowFiring(windowStartMs: number): Firing | undefined {
    const emitRows = this.#emitRows;
    if (emitRows === undefined) return undefined;
    const panes = this.#panesOf(windowStartMs).map(({ pane }) => pane.rows);
    if (!panes.every((rows) => rows !== undefined)) return undefined;
    const count = Math.max(0, ...panes.map((rows) => rows.present.length));
    const timestampMs = this.#windowAt(windowStartMs).maxTimestamp();
    return { count, next: 0, emit: (from, to) => emitRows(panes, from, to, timestampMs) };
  }

  #createValueFiring(windowStartMs: number): Firing {
    const { keys, accumulators } = collectContent(this.#panesOf(windowStartMs), this.#accumulation);
    const window = this.#windowAt(windowStartMs);
    const emit = (from: number, to: number) => {
      for (let i = from; i < to; i += 1) this.#emit(window, keys[i], accumulators[i]);
    };
    return { count: keys.length, next: 0, emit };
  }

  /** @returns false: no room, call again */
  #emitFiring(firing: Firing): boolean {
    while (firing.next < firing.count) {
      const from = firing.next;
      firing.next = Math.min(from + RESULTS_PER_STEP, firing.count);
      firing.emit(from, firing.next);
      if (firing.next < firing.count && !this.context.isOutputAvailable()) return false;
    }
    this.#firing = undefined;
    return true;
  }

  #emit(window: TimeWindow, key: unknown, accumulator: unknown): void {
    const { fn } = this.#spec;
    const result = this.#accumulation.getResult(accumulator);
    this.context.cell.timestampMs = window.maxTimestamp();
    if (fn === undefined) {
      this.#collector.collect(result);
      return;
    }
    this.#backend.setCurrentKey(key);
    this.#functionContext.window = window;
    fn(key, this.#functionContext, [result], this.#collector);
  }

  #dropWindow(windowStartMs: number): void {
    if (this.#spec.clear !== undefined) this.#clearFunctionState(windowStartMs, this.#spec.clear);
    for (const start of lastPaneStartsOf(this.#geometry, windowStartMs)) {
      if (this.#panes.delete(start)) this.#paneState.drop(start);
    }
  }

  #clearFunctionState(windowStartMs: number, clear: NonNullable<WindowSpec['clear']>): void {
    const { keys } = collectContent(this.#panesOf(windowStartMs), this.#accumulation);
    this.#functionContext.window = this.#windowAt(windowStartMs);
    for (const key of keys) {
      this.#backend.setCurrentKey(key);
      clear(key, this.#functionContext);
    }
  }

  #restorePanes(): void {
    this.#watermark.restore();
    for (const pane of this.#paneState.all()) {
      const start = pane.namespace as number;
      this.#panes.set(start, { pane, keyCount: countKeys(pane) });
      const windows = this.#geometry.shared ? windowStartsOf(this.#geometry, start) : [start];
      for (const window of windows) this.#timeline.add(window, this.#passedMs);
    }
    this.#alarm?.setTo(this.#timeline.earliestFireMs());
  }

  #openPane(start: number): CountedPane {
    let counted = this.#panes.get(start);
    if (counted === undefined) {
      counted = { pane: this.#paneState.open(start), keyCount: 0 };
      this.#panes.set(start, counted);
    }
    return counted;
  }

  #panesOf(windowStartMs: number): CountedPane[] {
    return paneStartsOf(this.#geometry, windowStartMs).flatMap((start) => this.#panes.get(start) ?? []);
  }

  #windowAt(startMs: number): TimeWindow {
    return new TimeWindow(startMs, startMs + this.#geometry.sizeMs);
  }

  #addTo(counted: CountedPane, value: unknown): void {
    const current = counted.pane.get();
    if (current === undefined) counted.keyCount += 1;
    counted.pane.put(this.#accumulation.add(value, current));
  }

  #createFunctionContext(): WindowFunctionContext {
    const { type, toNamespace } = windowNamespaceOf(this.#spec.assigner);
    return new WindowFunctionContext({
      context: this.context,
      watermark: this.#watermark,
      states: new NamespacedStates('window', this.#backend, type),
      toNamespace,
    });
  }

  /** @returns true: panes may hold rows of numbers */
  #holdNumbers(): boolean {
    const { numberFields } = this.#accumulation;
    if (numberFields === undefined || this.#paneState.holdNumbers === undefined) return false;
    this.#paneState.holdNumbers(numberFields);
    return true;
  }

  #createAlarm(): WindowAlarm {
    return new WindowAlarm(
      (atMs, callback) => this.context.registerProcessingTimeCallback(atMs, callback),
      (timeMs) => this.context.runSliced(() => this.#fireByClock(timeMs)),
    );
  }

  /** Elements that come next may have no timestamp of their own. @returns false: no room, call again */
  #fireByClock(timeMs: number): boolean {
    const { cell } = this.context;
    const previousMs = cell.timestampMs;
    const isDone = this.#fireUpTo(timeMs);
    cell.timestampMs = previousMs;
    if (isDone) this.#alarm?.setTo(this.#timeline.earliestFireMs());
    return isDone;
  }

  #compileEmitRows(): EmitRows {
    const { bindings, numberFields = [] } = this.#accumulation;
    const { cell, output } = this.context;
    return compileInstance('pane-firing', emitRowsSource(numberFields), { ...bindings, cell, collect: output.collect });
  }

  #createInput(holdsNumbers: boolean): OperatorInput {
    const severalPanes = !this.#geometry.shared && this.#geometry.slideMs < this.#geometry.sizeMs;
    const processElement = compileInstance<(value: unknown) => void>(
      'pane-window',
      windowElementSource({
        accumulation: this.#accumulation,
        holdsNumbers,
        severalPanes,
        isProcessingTime: this.#alarm !== undefined,
      }),
      {
        ...this.#accumulation.bindings,
        cell: this.context.cell,
        clock: this.context.clock,
        target: this.#target,
        selectTarget: (timestampMs: number) => this.#selectTarget(timestampMs),
        addLate: (value: unknown, timestampMs: number) => this.#addLate(value, timestampMs),
      },
    );
    const input = createInput(this.context, processElement);
    return {
      ...input,
      processWatermark: (timestampMs) => {
        this.context.runSliced(() => this.#advanceWatermark(timestampMs));
        input.processWatermark(timestampMs);
      },
    };
  }
}

/** Names the layout of the panes in state. */
function describePanes(geometry: SliceGeometry, isEventTime: boolean): string {
  return `${describeGeometry(geometry)}${isEventTime ? '' : ', by processing time'}`;
}
