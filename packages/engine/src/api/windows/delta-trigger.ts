import { ValueStateDescriptor } from '../state.ts';
import type { TypeInformation } from '../type-information.ts';
import { type BuiltInTrigger, type Trigger, type TriggerContext, TriggerResult } from './trigger.ts';
import type { Window } from './window.ts';

export type DeltaFunction<T> = ((oldPoint: T, newPoint: T) => number) | { getDelta(oldPoint: T, newPoint: T): number };

/** Fires when the distance between the element and the last one that fired exceeds a threshold. */
export class DeltaTrigger<T, W extends Window> implements Trigger<T, W> {
  readonly builtIn: BuiltInTrigger;
  readonly #threshold: number;
  readonly #delta: (oldPoint: T, newPoint: T) => number;
  readonly #lastState: ValueStateDescriptor<T>;

  private constructor(threshold: number, delta: DeltaFunction<T>, type: TypeInformation<T> | undefined) {
    this.#threshold = threshold;
    this.#delta = typeof delta === 'function' ? delta : delta.getDelta.bind(delta);
    this.#lastState = new ValueStateDescriptor('last-element', type);
    this.builtIn = { kind: 'delta', threshold };
  }

  static of<T, W extends Window = Window>(
    threshold: number,
    delta: DeltaFunction<T>,
    type?: TypeInformation<T>,
  ): DeltaTrigger<T, W> {
    return new DeltaTrigger<T, W>(threshold, delta, type);
  }

  onElement(element: T, _timestampMs: number, _window: W, context: TriggerContext): TriggerResult {
    const last = context.getPartitionedState(this.#lastState);
    const lastElement = last.value();
    if (lastElement === undefined) {
      last.update(element);
      return TriggerResult.Continue;
    }
    if (this.#delta(lastElement, element) <= this.#threshold) return TriggerResult.Continue;
    last.update(element);
    return TriggerResult.Fire;
  }

  onEventTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  onProcessingTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  clear(_window: W, context: TriggerContext): void {
    context.getPartitionedState(this.#lastState).clear();
  }

  toString(): string {
    return `DeltaTrigger(${this.#threshold})`;
  }
}
