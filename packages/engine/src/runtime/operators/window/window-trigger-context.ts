// What a trigger sees: time, timers and state of the current key and one window.
import type { MetricGroup } from '../../../api/metrics.ts';
import type { StateDescriptor } from '../../../api/state.ts';
import type { OnMergeContext, Trigger, TriggerResult } from '../../../api/windows/trigger.ts';
import type { Window } from '../../../api/windows/window.ts';
import type { TimerService } from '../../../state/timer-service.ts';
import type { OperatorContext } from '../stream-operator.ts';
import type { NamespacedStates } from './namespaced-states.ts';
import type { WindowWatermark } from './window-watermark.ts';

export class WindowTriggerContext implements OnMergeContext {
  readonly metricGroup: MetricGroup;
  readonly #context: OperatorContext;
  readonly #trigger: Trigger<unknown, Window>;
  readonly #timers: TimerService;
  readonly #states: NamespacedStates;
  readonly #watermark: WindowWatermark;
  #window!: Window;
  #namespace: unknown;
  #mergedNamespaces: readonly unknown[] = [];

  constructor(
    context: OperatorContext,
    trigger: Trigger<unknown, Window>,
    timers: TimerService,
    states: NamespacedStates,
    watermark: WindowWatermark,
  ) {
    this.metricGroup = context.runtime.metricGroup;
    this.#context = context;
    this.#trigger = trigger;
    this.#timers = timers;
    this.#states = states;
    this.#watermark = watermark;
  }

  /** Points the context at a window of the current key. */
  enter(window: Window, namespace: unknown): void {
    this.#window = window;
    this.#namespace = namespace;
  }

  onElement(element: unknown, timestampMs: number): TriggerResult {
    return this.#trigger.onElement(element, timestampMs, this.#window, this);
  }

  onEventTime(timeMs: number): TriggerResult {
    return this.#trigger.onEventTime(timeMs, this.#window, this);
  }

  onProcessingTime(timeMs: number): TriggerResult {
    return this.#trigger.onProcessingTime(timeMs, this.#window, this);
  }

  onMerge(mergedNamespaces: readonly unknown[]): void {
    this.#mergedNamespaces = mergedNamespaces;
    this.#trigger.onMerge?.(this.#window, this);
  }

  clear(): void {
    this.#trigger.clear(this.#window, this);
  }

  currentProcessingTime(): number {
    return this.#context.clock.nowMs();
  }

  currentWatermark(): number {
    return this.#watermark.currentMs;
  }

  registerEventTimeTimer(timestampMs: number): void {
    this.#timers.registerEventTimeTimer(this.#namespace, timestampMs);
  }

  registerProcessingTimeTimer(timestampMs: number): void {
    this.#timers.registerProcessingTimeTimer(this.#namespace, timestampMs);
  }

  deleteEventTimeTimer(timestampMs: number): void {
    this.#timers.deleteEventTimeTimer(this.#namespace, timestampMs);
  }

  deleteProcessingTimeTimer(timestampMs: number): void {
    this.#timers.deleteProcessingTimeTimer(this.#namespace, timestampMs);
  }

  getPartitionedState(descriptor: unknown): never {
    return this.#states.at(descriptor as StateDescriptor, this.#namespace) as never;
  }

  mergePartitionedState(descriptor: unknown): void {
    const state = this.#states.mergingAt(descriptor as StateDescriptor, this.#namespace);
    state.mergeNamespaces(this.#namespace, this.#mergedNamespaces);
  }
}
