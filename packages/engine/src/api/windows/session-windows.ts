// Windows of activity: records closer together than the gap share one. Each record opens its own; touching ones merge.
import { functionName } from '../function-binding.ts';
import { type TimeLike, toMilliseconds } from '../time.ts';
import { mergeTimeWindows } from './merge-windows.ts';
import { EventTimeTrigger, ProcessingTimeTrigger } from './time-triggers.ts';
import type { Trigger } from './trigger.ts';
import { TimeWindow } from './window.ts';
import type { BuiltInAssigner, WindowAssigner, WindowAssignerContext } from './window-assigner.ts';
import { requireTimestamp } from './window-timestamp.ts';

/** Gap of each record, ms, at least 1. */
export type SessionGapExtractor<T> = ((element: T) => number) | { extract(element: T): number };

abstract class SessionWindows<T> implements WindowAssigner<T, TimeWindow> {
  abstract readonly isEventTime: boolean;
  readonly builtIn: BuiltInAssigner;
  protected readonly gapMs: (element: T) => number;

  protected constructor(builtIn: BuiltInAssigner, gapMs: (element: T) => number) {
    this.builtIn = builtIn;
    this.gapMs = gapMs;
  }

  abstract assignWindows(element: T, timestampMs: number, context: WindowAssignerContext): TimeWindow[];
  abstract getDefaultTrigger(): Trigger<unknown, TimeWindow>;

  mergeWindows(
    windows: readonly TimeWindow[],
    callback: (merged: readonly TimeWindow[], result: TimeWindow) => void,
  ): void {
    mergeTimeWindows(windows, callback);
  }

  protected sessionOf(element: T, timeMs: number): TimeWindow[] {
    return [new TimeWindow(timeMs, timeMs + this.gapMs(element))];
  }

  toString(): string {
    const gap = this.builtIn.kind === 'session' ? this.builtIn.gapMs : '';
    return `${functionName(this, 'SessionWindows')}(${gap})`;
  }
}

export class EventTimeSessionWindows extends SessionWindows<unknown> {
  readonly isEventTime = true;

  static withGap(gap: TimeLike): EventTimeSessionWindows {
    const gapMs = toMilliseconds(gap, 'session gap', 1);
    return new EventTimeSessionWindows({ kind: 'session', gapMs }, () => gapMs);
  }

  static withDynamicGap<T>(extractor: SessionGapExtractor<T>): DynamicEventTimeSessionWindows<T> {
    return DynamicEventTimeSessionWindows.withDynamicGap(extractor);
  }

  override assignWindows(element: unknown, timestampMs: number): TimeWindow[] {
    return this.sessionOf(element, requireTimestamp(timestampMs, 'EventTimeSessionWindows'));
  }

  override getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return EventTimeTrigger.create();
  }
}

export class ProcessingTimeSessionWindows extends SessionWindows<unknown> {
  readonly isEventTime = false;

  static withGap(gap: TimeLike): ProcessingTimeSessionWindows {
    const gapMs = toMilliseconds(gap, 'session gap', 1);
    return new ProcessingTimeSessionWindows({ kind: 'session', gapMs }, () => gapMs);
  }

  static withDynamicGap<T>(extractor: SessionGapExtractor<T>): DynamicProcessingTimeSessionWindows<T> {
    return DynamicProcessingTimeSessionWindows.withDynamicGap(extractor);
  }

  override assignWindows(element: unknown, _timestampMs: number, context: WindowAssignerContext): TimeWindow[] {
    return this.sessionOf(element, context.currentProcessingTime());
  }

  override getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return ProcessingTimeTrigger.create();
  }
}

export class DynamicEventTimeSessionWindows<T> extends SessionWindows<T> {
  readonly isEventTime = true;

  static withDynamicGap<T>(extractor: SessionGapExtractor<T>): DynamicEventTimeSessionWindows<T> {
    const gapMs = checkedGap(extractor);
    return new DynamicEventTimeSessionWindows({ kind: 'dynamicSession', gapMs }, gapMs);
  }

  override assignWindows(element: T, timestampMs: number): TimeWindow[] {
    return this.sessionOf(element, requireTimestamp(timestampMs, 'DynamicEventTimeSessionWindows'));
  }

  override getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return EventTimeTrigger.create();
  }
}

export class DynamicProcessingTimeSessionWindows<T> extends SessionWindows<T> {
  readonly isEventTime = false;

  static withDynamicGap<T>(extractor: SessionGapExtractor<T>): DynamicProcessingTimeSessionWindows<T> {
    const gapMs = checkedGap(extractor);
    return new DynamicProcessingTimeSessionWindows({ kind: 'dynamicSession', gapMs }, gapMs);
  }

  override assignWindows(element: T, _timestampMs: number, context: WindowAssignerContext): TimeWindow[] {
    return this.sessionOf(element, context.currentProcessingTime());
  }

  override getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return ProcessingTimeTrigger.create();
  }
}

function checkedGap<T>(extractor: SessionGapExtractor<T>): (element: T) => number {
  const extract = typeof extractor === 'function' ? extractor : extractor.extract.bind(extractor);
  return (element) => toMilliseconds(extract(element), 'dynamic session gap', 1);
}
