// Fire once, when time passes the end of the window; late elements within the allowed lateness fire at once (event time).
import {
  type BuiltInTrigger,
  type OnMergeContext,
  type Trigger,
  type TriggerContext,
  TriggerResult,
} from './trigger.ts';
import type { TimeWindow } from './window.ts';

export class EventTimeTrigger implements Trigger<unknown, TimeWindow> {
  readonly builtIn: BuiltInTrigger = { kind: 'eventTime' };

  static create(): EventTimeTrigger {
    return new EventTimeTrigger();
  }

  onElement(_element: unknown, _timestampMs: number, window: TimeWindow, context: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= context.currentWatermark()) return TriggerResult.Fire;
    context.registerEventTimeTimer(window.maxTimestamp());
    return TriggerResult.Continue;
  }

  onEventTime(timeMs: number, window: TimeWindow): TriggerResult {
    return timeMs === window.maxTimestamp() ? TriggerResult.Fire : TriggerResult.Continue;
  }

  onProcessingTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  clear(window: TimeWindow, context: TriggerContext): void {
    context.deleteEventTimeTimer(window.maxTimestamp());
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(window: TimeWindow, context: OnMergeContext): void {
    // Only when the watermark has not passed: the element that caused the merge fires else (Flink, EventTimeTrigger).
    if (window.maxTimestamp() > context.currentWatermark()) context.registerEventTimeTimer(window.maxTimestamp());
  }

  toString(): string {
    return 'EventTimeTrigger()';
  }
}

export class ProcessingTimeTrigger implements Trigger<unknown, TimeWindow> {
  readonly builtIn: BuiltInTrigger = { kind: 'processingTime' };

  static create(): ProcessingTimeTrigger {
    return new ProcessingTimeTrigger();
  }

  onElement(_element: unknown, _timestampMs: number, window: TimeWindow, context: TriggerContext): TriggerResult {
    context.registerProcessingTimeTimer(window.maxTimestamp());
    return TriggerResult.Continue;
  }

  onEventTime(): TriggerResult {
    return TriggerResult.Continue;
  }

  onProcessingTime(): TriggerResult {
    return TriggerResult.Fire;
  }

  clear(window: TimeWindow, context: TriggerContext): void {
    context.deleteProcessingTimeTimer(window.maxTimestamp());
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(window: TimeWindow, context: OnMergeContext): void {
    if (window.maxTimestamp() > context.currentProcessingTime()) {
      context.registerProcessingTimeTimer(window.maxTimestamp());
    }
  }

  toString(): string {
    return 'ProcessingTimeTrigger()';
  }
}
