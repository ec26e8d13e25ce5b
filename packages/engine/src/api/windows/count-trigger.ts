import { appError } from '../../errors.ts';
import { ReducingStateDescriptor } from '../state.ts';
import { Types } from '../type-information.ts';
import {
  type BuiltInTrigger,
  type OnMergeContext,
  type Trigger,
  type TriggerContext,
  TriggerResult,
} from './trigger.ts';
import type { Window } from './window.ts';

const countState = new ReducingStateDescriptor<number>('count', (a, b) => a + b, Types.long);

/** Fires when the window holds maxCount elements, and every maxCount after. */
export class CountTrigger implements Trigger<unknown, Window> {
  readonly builtIn: BuiltInTrigger;
  readonly #maxCount: number;

  private constructor(maxCount: number) {
    this.#maxCount = maxCount;
    this.builtIn = { kind: 'count', maxCount };
  }

  static of(maxCount: number): CountTrigger {
    if (!Number.isSafeInteger(maxCount) || maxCount < 1) {
      throw appError('INVALID_WINDOW', [`count ${maxCount}`, 'a whole number of at least 1']);
    }
    return new CountTrigger(maxCount);
  }

  onElement(_element: unknown, _timestampMs: number, _window: Window, context: TriggerContext): TriggerResult {
    const count = context.getPartitionedState(countState);
    count.add(1);
    if ((count.get() ?? 0) < this.#maxCount) return TriggerResult.Continue;
    count.clear();
    return TriggerResult.Fire;
  }

  onEventTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  onProcessingTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  clear(_window: Window, context: TriggerContext): void {
    context.getPartitionedState(countState).clear();
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(countState);
  }

  toString(): string {
    return `CountTrigger(${this.#maxCount})`;
  }
}
