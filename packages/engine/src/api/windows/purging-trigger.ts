import {
  type BuiltInTrigger,
  type OnMergeContext,
  type Trigger,
  type TriggerContext,
  TriggerResult,
} from './trigger.ts';
import type { Window } from './window.ts';

/** Empties the window whenever the inner trigger fires. */
export class PurgingTrigger<T, W extends Window> implements Trigger<T, W> {
  readonly builtIn: BuiltInTrigger;
  readonly #inner: Trigger<T, W>;

  private constructor(inner: Trigger<T, W>) {
    this.#inner = inner;
    this.builtIn = { kind: 'purging', inner: inner.builtIn };
  }

  static of<T, W extends Window>(inner: Trigger<T, W>): PurgingTrigger<T, W> {
    return new PurgingTrigger(inner);
  }

  getNestedTrigger(): Trigger<T, W> {
    return this.#inner;
  }

  onElement(element: T, timestampMs: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.#inner.onElement(element, timestampMs, window, context));
  }

  onEventTime(timeMs: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.#inner.onEventTime(timeMs, window, context));
  }

  onProcessingTime(timeMs: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.#inner.onProcessingTime(timeMs, window, context));
  }

  clear(window: W, context: TriggerContext): void {
    this.#inner.clear(window, context);
  }

  canMerge(): boolean {
    return this.#inner.canMerge?.() ?? false;
  }

  onMerge(window: W, context: OnMergeContext): void {
    this.#inner.onMerge?.(window, context);
  }

  toString(): string {
    return `PurgingTrigger(${this.#inner})`;
  }
}

function purging(result: TriggerResult): TriggerResult {
  return result === TriggerResult.Fire ? TriggerResult.FireAndPurge : result;
}
