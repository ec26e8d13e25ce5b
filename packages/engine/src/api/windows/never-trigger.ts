import { type BuiltInTrigger, type Trigger, TriggerResult } from './trigger.ts';
import type { Window } from './window.ts';

export class NeverTrigger implements Trigger<unknown, Window> {
  readonly builtIn: BuiltInTrigger = { kind: 'never' };

  onElement(): TriggerResult {
    return TriggerResult.Continue;
  }

  onEventTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  onProcessingTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  clear(): void {}

  canMerge(): boolean {
    return true;
  }

  onMerge(): void {}

  toString(): string {
    return 'NeverTrigger()';
  }
}
