// The general window operator: contents, triggers and timers per key and window, as Apache Flink's WindowOperator and
// EvictingWindowOperator. Takes every assigner, trigger and evictor; pane-window-operator.ts is the faster special case.
//   N1. An element belongs to every window that is not late; late for all: late output, or dropped and counted.
//   N2. A window's contents, trigger state and timers go at its cleanup time (end + allowed lateness), all together.
//   N3. Results carry window.maxTimestamp().
import { TriggerResult as Results, type TriggerResult } from '../../../api/windows/trigger.ts';
import type { Window } from '../../../api/windows/window.ts';
import type { WindowAssignerContext } from '../../../api/windows/window-assigner.ts';
import { appError } from '../../../errors.ts';
import type { WindowSpec } from '../../../graph/operator-spec.ts';
import type { KeyedStateBackend } from '../../../state/keyed-state-backend.ts';
import type { TimerService } from '../../../state/timer-service.ts';
import { keyedStateOf } from '../keyed-context.ts';
import { LifecycleOperator } from '../lifecycle-operator.ts';
import { createInput } from '../operator-input.ts';
import type {
  OperatorContext,
  OperatorInput,
  OperatorSnapshotContext,
  StateInitializationContext,
} from '../stream-operator.ts';
import { cleanupTimeOf, createLateElementHandler } from './late-elements.ts';
import { type MergeEvent, MergingWindowSet } from './merging-window-set.ts';
import { NamespacedStates } from './namespaced-states.ts';
import { createWindowContents, type EmitElements, type WindowContents } from './window-contents.ts';
import { WindowFunctionContext } from './window-function-context.ts';
import { type WindowNamespace, windowNamespaceOf } from './window-namespace.ts';
import { WindowTriggerContext } from './window-trigger-context.ts';
import { WindowWatermark } from './window-watermark.ts';

/** Flink's name of these timers. */
const TIMERS = 'window-timers';

export class WindowOperator extends LifecycleOperator {
  readonly inputs: readonly OperatorInput[];
  readonly #spec: WindowSpec;
  readonly #backend: KeyedStateBackend;
  readonly #namespaces: WindowNamespace;
  readonly #watermark: WindowWatermark;
  readonly #timers: TimerService;
  readonly #trigger: WindowTriggerContext;
  readonly #functionContext: WindowFunctionContext;
  readonly #contents: WindowContents;
  readonly #sessions: MergingWindowSet | undefined;
  readonly #assignerContext: WindowAssignerContext;
  readonly #handleLate: (value: unknown) => void;
  readonly #collector: { collect(value: unknown): void };

  constructor(spec: WindowSpec, context: OperatorContext) {
    super(spec.rich, context);
    this.#spec = spec;
    this.#backend = keyedStateOf(context);
    this.#namespaces = windowNamespaceOf(spec.assigner);
    this.#watermark = new WindowWatermark(context, 'windows');
    this.#timers = context.timerService(TIMERS, this.#createTimerHandler(), this.#namespaces.type);
    const triggerStates = new NamespacedStates('trigger', this.#backend, this.#namespaces.type);
    this.#trigger = new WindowTriggerContext(context, spec.trigger, this.#timers, triggerStates, this.#watermark);
    const merges = spec.assigner.mergeWindows !== undefined;
    this.#sessions = merges ? new MergingWindowSet(spec.assigner, this.#namespaces, this.#backend) : undefined;
    this.#functionContext = new WindowFunctionContext({
      context,
      watermark: this.#watermark,
      states: merges ? undefined : new NamespacedStates('window', this.#backend, this.#namespaces.type),
      toNamespace: this.#namespaces.toNamespace,
    });
    this.#assignerContext = { currentProcessingTime: () => context.clock.nowMs() };
    this.#contents = this.#createContents();
    this.#handleLate = createLateElementHandler(spec, context);
    this.#collector = { collect: context.output.collect };
    const process = merges ? this.#processMergingElement : this.#processElement;
    this.inputs = [this.#createInput((value) => process.call(this, value))];
  }

  override async initializeState(state: StateInitializationContext): Promise<void> {
    if (state.isRestored) this.#watermark.restore();
    await super.initializeState(state);
  }

  override snapshotState(snapshot: OperatorSnapshotContext): void | Promise<void> {
    this.#watermark.save();
    return super.snapshotState(snapshot);
  }

  #processElement(value: unknown): void {
    const { timestampMs } = this.context.cell;
    let accepted = false;
    for (const window of this.#spec.assigner.assignWindows(value, timestampMs, this.#assignerContext)) {
      if (this.#isLate(window)) continue;
      accepted = true;
      const namespace = this.#namespaces.toNamespace(window);
      this.#addToWindow(value, timestampMs, window, namespace, namespace);
    }
    if (!accepted) this.#skip(value, timestampMs);
  }

  #processMergingElement(value: unknown): void {
    const sessions = this.#sessions!;
    const { timestampMs } = this.context.cell;
    let accepted = false;
    sessions.load();
    for (const assigned of this.#spec.assigner.assignWindows(value, timestampMs, this.#assignerContext)) {
      const window = sessions.add(assigned, (event) => this.#mergeWindows(event));
      if (this.#isLate(window)) {
        sessions.retire(window);
        continue;
      }
      accepted = true;
      const namespace = this.#namespaces.toNamespace(window);
      this.#addToWindow(value, timestampMs, window, namespace, sessions.stateNamespaceOf(window));
    }
    sessions.persist();
    if (!accepted) this.#skip(value, timestampMs);
  }

  #addToWindow(value: unknown, timestampMs: number, window: Window, namespace: unknown, stateNamespace: unknown): void {
    const { state } = this.#contents;
    state.setCurrentNamespace(stateNamespace);
    this.#contents.add(value, timestampMs);
    this.#trigger.enter(window, namespace);
    this.#apply(this.#trigger.onElement(value, timestampMs), window, stateNamespace);
    this.#registerCleanupTimer(window, namespace);
  }

  #apply(result: TriggerResult, window: Window, stateNamespace: unknown): void {
    if (result === Results.Continue) return;
    const { state } = this.#contents;
    if (result !== Results.Purge) this.#fire(window, stateNamespace);
    if (result !== Results.Fire) {
      state.setCurrentNamespace(stateNamespace);
      state.clear();
    }
  }

  #fire(window: Window, stateNamespace: unknown): void {
    this.#contents.state.setCurrentNamespace(stateNamespace);
    this.#contents.fire(window, this.#emitterOf(window));
  }

  #emitterOf(window: Window): EmitElements {
    const { fn } = this.#spec;
    const { cell } = this.context;
    return (elements) => {
      const previousMs = cell.timestampMs;
      cell.timestampMs = window.maxTimestamp();
      this.#functionContext.window = window;
      if (fn === undefined) this.#collector.collect(elements[0]);
      else fn(this.#backend.currentKey(), this.#functionContext, elements, this.#collector);
      cell.timestampMs = previousMs;
    };
  }

  #mergeWindows(event: MergeEvent): void {
    this.#checkMergedInTime(event.result);
    const mergedNamespaces = event.merged.map(this.#namespaces.toNamespace);
    this.#trigger.enter(event.result, this.#namespaces.toNamespace(event.result));
    this.#trigger.onMerge(mergedNamespaces);
    event.merged.forEach((window, i) => {
      this.#trigger.enter(window, mergedNamespaces[i]);
      this.#trigger.clear();
      this.#deleteCleanupTimer(window, mergedNamespaces[i]);
    });
    this.#contents.state.mergeNamespaces(event.resultStateNamespace, event.mergedStateNamespaces);
  }

  /** Merging only moves ends forward; an own assigner that does otherwise would lose its timers. */
  #checkMergedInTime(result: Window): void {
    const { assigner, allowedLatenessMs } = this.#spec;
    const nowMs = assigner.isEventTime ? this.#watermark.currentMs - allowedLatenessMs : this.context.clock.nowMs();
    if (result.maxTimestamp() <= nowMs) throw appError('MERGED_WINDOW_LATE', [String(result), nowMs]);
  }

  #createTimerHandler(): Parameters<OperatorContext['timerService']>[1] {
    return {
      onEventTime: (timestampMs, _key, namespace) => this.#onTimer(timestampMs, namespace, true),
      onProcessingTime: (timestampMs, _key, namespace) => this.#onTimer(timestampMs, namespace, false),
    };
  }

  #onTimer(timestampMs: number, namespace: unknown, isEventTime: boolean): void {
    const window = this.#namespaces.fromNamespace(namespace);
    this.#sessions?.load();
    const stateNamespace = this.#sessions === undefined ? namespace : this.#sessions.stateNamespaceOf(window);
    // A timer of a session that was merged away or cleaned up.
    if (this.#sessions !== undefined && stateNamespace === undefined) return;
    this.#trigger.enter(window, namespace);
    const result = isEventTime ? this.#trigger.onEventTime(timestampMs) : this.#trigger.onProcessingTime(timestampMs);
    this.#apply(result, window, stateNamespace);
    if (isEventTime === this.#spec.assigner.isEventTime && this.#cleanupTime(window) === timestampMs) {
      this.#clearWindow(window, namespace, stateNamespace);
    }
    this.#sessions?.persist();
  }

  #clearWindow(window: Window, namespace: unknown, stateNamespace: unknown): void {
    this.#contents.state.setCurrentNamespace(stateNamespace);
    this.#contents.state.clear();
    this.#trigger.enter(window, namespace);
    this.#trigger.clear();
    this.#functionContext.window = window;
    this.#spec.clear?.(this.#backend.currentKey(), this.#functionContext);
    this.#sessions?.retire(window);
  }

  #skip(value: unknown, timestampMs: number): void {
    if (!this.#spec.assigner.isEventTime) return;
    if (timestampMs + this.#spec.allowedLatenessMs <= this.#watermark.currentMs) this.#handleLate(value);
  }

  #isLate(window: Window): boolean {
    return this.#spec.assigner.isEventTime && this.#cleanupTime(window) <= this.#watermark.currentMs;
  }

  #cleanupTime(window: Window): number {
    return cleanupTimeOf(window.maxTimestamp(), this.#spec.assigner.isEventTime, this.#spec.allowedLatenessMs);
  }

  #registerCleanupTimer(window: Window, namespace: unknown): void {
    const timeMs = this.#cleanupTime(window);
    if (timeMs === Number.POSITIVE_INFINITY) return;
    if (this.#spec.assigner.isEventTime) this.#timers.registerEventTimeTimer(namespace, timeMs);
    else this.#timers.registerProcessingTimeTimer(namespace, timeMs);
  }

  #deleteCleanupTimer(window: Window, namespace: unknown): void {
    const timeMs = this.#cleanupTime(window);
    if (timeMs === Number.POSITIVE_INFINITY) return;
    if (this.#spec.assigner.isEventTime) this.#timers.deleteEventTimeTimer(namespace, timeMs);
    else this.#timers.deleteProcessingTimeTimer(namespace, timeMs);
  }

  #createContents(): WindowContents {
    return createWindowContents({
      spec: this.#spec,
      backend: this.#backend,
      namespaceType: this.#namespaces.type,
      elementType: this.context.operator.inputTypes[0],
      evictorContext: {
        currentProcessingTime: () => this.context.clock.nowMs(),
        currentWatermark: () => this.#watermark.currentMs,
      },
    });
  }

  #createInput(processElement: (value: unknown) => void): OperatorInput {
    const input = createInput(this.context, processElement);
    return {
      ...input,
      processWatermark: (timestampMs) => {
        // In line with the sliced firing of earlier watermarks (O5).
        this.context.runSliced(() => {
          this.#watermark.advance(timestampMs);
          return true;
        });
        input.processWatermark(timestampMs);
      },
    };
  }
}
