// Fire again and again while a window is open, every interval of time. Aligned: at multiples of the interval.
import { ReducingStateDescriptor } from '../state.ts';
import { type TimeLike, toMilliseconds } from '../time.ts';
import { Types } from '../type-information.ts';
import {
  type BuiltInTrigger,
  type OnMergeContext,
  type Trigger,
  type TriggerContext,
  TriggerResult,
} from './trigger.ts';
import type { Window } from './window.ts';

// Earliest timer of the window that is set.
const nextFireState = new ReducingStateDescriptor<number>('fire-time', Math.min, Types.long);

/** Source of the semantics: Apache Flink 1.9, ContinuousEventTimeTrigger. */
export class ContinuousEventTimeTrigger implements Trigger<unknown, Window> {
  readonly builtIn: BuiltInTrigger;
  readonly #intervalMs: number;

  private constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
    this.builtIn = { kind: 'continuousEventTime', intervalMs };
  }

  static of(interval: TimeLike): ContinuousEventTimeTrigger {
    return new ContinuousEventTimeTrigger(toMilliseconds(interval, 'trigger interval', 1));
  }

  onElement(_element: unknown, timestampMs: number, window: Window, context: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= context.currentWatermark()) return TriggerResult.Fire;
    registerWindowEnd(window, context);
    const nextFire = context.getPartitionedState(nextFireState);
    if (nextFire.get() === undefined) {
      const start = timestampMs - (timestampMs % this.#intervalMs);
      this.#registerNext(start + this.#intervalMs, window, context);
    }
    return TriggerResult.Continue;
  }

  onEventTime(timeMs: number, window: Window, context: TriggerContext): TriggerResult {
    if (timeMs === window.maxTimestamp()) return TriggerResult.Fire;
    const nextFire = context.getPartitionedState(nextFireState);
    if (nextFire.get() !== timeMs) return TriggerResult.Continue;
    nextFire.clear();
    this.#registerNext(timeMs + this.#intervalMs, window, context);
    return TriggerResult.Fire;
  }

  onProcessingTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  clear(window: Window, context: TriggerContext): void {
    const nextFire = context.getPartitionedState(nextFireState);
    const timestampMs = nextFire.get();
    if (timestampMs !== undefined) context.deleteEventTimeTimer(timestampMs);
    nextFire.clear();
    if (Number.isFinite(window.maxTimestamp())) context.deleteEventTimeTimer(window.maxTimestamp());
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(nextFireState);
    const nextFire = context.getPartitionedState(nextFireState).get();
    if (nextFire !== undefined) context.registerEventTimeTimer(nextFire);
    if (window.maxTimestamp() > context.currentWatermark()) registerWindowEnd(window, context);
  }

  #registerNext(timeMs: number, window: Window, context: TriggerContext): void {
    const next = Math.min(timeMs, window.maxTimestamp());
    context.getPartitionedState(nextFireState).add(next);
    context.registerEventTimeTimer(next);
  }

  toString(): string {
    return `ContinuousEventTimeTrigger(${this.#intervalMs})`;
  }
}

/** Source of the semantics: Apache Flink 1.9, ContinuousProcessingTimeTrigger; also fires at the end of the window. */
export class ContinuousProcessingTimeTrigger implements Trigger<unknown, Window> {
  readonly builtIn: BuiltInTrigger;
  readonly #intervalMs: number;

  private constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
    this.builtIn = { kind: 'continuousProcessingTime', intervalMs };
  }

  static of(interval: TimeLike): ContinuousProcessingTimeTrigger {
    return new ContinuousProcessingTimeTrigger(toMilliseconds(interval, 'trigger interval', 1));
  }

  onElement(_element: unknown, _timestampMs: number, window: Window, context: TriggerContext): TriggerResult {
    if (context.getPartitionedState(nextFireState).get() === undefined) {
      const now = context.currentProcessingTime();
      this.#registerNext(now - (now % this.#intervalMs) + this.#intervalMs, window, context);
    }
    return TriggerResult.Continue;
  }

  onEventTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  onProcessingTime(timeMs: number, window: Window, context: TriggerContext): TriggerResult {
    const nextFire = context.getPartitionedState(nextFireState);
    if (nextFire.get() !== timeMs) return TriggerResult.Continue;
    nextFire.clear();
    this.#registerNext(timeMs + this.#intervalMs, window, context);
    return TriggerResult.Fire;
  }

  clear(_window: Window, context: TriggerContext): void {
    const nextFire = context.getPartitionedState(nextFireState);
    const timestampMs = nextFire.get();
    if (timestampMs !== undefined) context.deleteProcessingTimeTimer(timestampMs);
    nextFire.clear();
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(nextFireState);
    const nextFire = context.getPartitionedState(nextFireState).get();
    if (nextFire !== undefined) context.registerProcessingTimeTimer(nextFire);
  }

  #registerNext(timeMs: number, window: Window, context: TriggerContext): void {
    const next = Math.min(timeMs, window.maxTimestamp());
    context.getPartitionedState(nextFireState).add(next);
    context.registerProcessingTimeTimer(next);
  }

  toString(): string {
    return `ContinuousProcessingTimeTrigger(${this.#intervalMs})`;
  }
}

function registerWindowEnd(window: Window, context: TriggerContext): void {
  if (Number.isFinite(window.maxTimestamp())) context.registerEventTimeTimer(window.maxTimestamp());
}
