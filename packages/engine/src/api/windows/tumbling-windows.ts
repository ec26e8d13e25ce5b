// Windows of one size side by side, aligned to the epoch plus an offset.
import { appError } from '../../errors.ts';
import { type TimeLike, toMilliseconds } from '../time.ts';
import { EventTimeTrigger, ProcessingTimeTrigger } from './time-triggers.ts';
import type { Trigger } from './trigger.ts';
import { TimeWindow } from './window.ts';
import type { BuiltInAssigner, WindowAssigner, WindowAssignerContext } from './window-assigner.ts';
import { requireTimestamp } from './window-timestamp.ts';

abstract class TumblingWindows implements WindowAssigner<unknown, TimeWindow> {
  abstract readonly isEventTime: boolean;
  readonly builtIn: BuiltInAssigner;
  readonly sizeMs: number;
  readonly offsetMs: number;

  protected constructor(sizeMs: number, offsetMs: number) {
    if (Math.abs(offsetMs) >= sizeMs) {
      throw appError('INVALID_WINDOW', [`offset ${offsetMs} ms`, `less than the size, ${sizeMs} ms`]);
    }
    this.sizeMs = sizeMs;
    this.offsetMs = offsetMs;
    this.builtIn = { kind: 'tumbling', sizeMs, offsetMs };
  }

  abstract assignWindows(element: unknown, timestampMs: number, context: WindowAssignerContext): TimeWindow[];
  abstract getDefaultTrigger(): Trigger<unknown, TimeWindow>;

  protected windowOf(timeMs: number): TimeWindow[] {
    const start = TimeWindow.getWindowStartWithOffset(timeMs, this.offsetMs, this.sizeMs);
    return [new TimeWindow(start, start + this.sizeMs)];
  }
}

export class TumblingEventTimeWindows extends TumblingWindows {
  readonly isEventTime = true;

  /** @param offset shifts the windows, e.g. hours(-9) for days of Seoul */
  static of(size: TimeLike, offset: TimeLike = 0): TumblingEventTimeWindows {
    return new TumblingEventTimeWindows(
      toMilliseconds(size, 'window size', 1),
      toMilliseconds(offset, 'window offset'),
    );
  }

  override assignWindows(_element: unknown, timestampMs: number): TimeWindow[] {
    return this.windowOf(requireTimestamp(timestampMs, 'TumblingEventTimeWindows'));
  }

  override getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return EventTimeTrigger.create();
  }

  override toString(): string {
    return `TumblingEventTimeWindows(${this.sizeMs})`;
  }
}

export class TumblingProcessingTimeWindows extends TumblingWindows {
  readonly isEventTime = false;

  static of(size: TimeLike, offset: TimeLike = 0): TumblingProcessingTimeWindows {
    return new TumblingProcessingTimeWindows(
      toMilliseconds(size, 'window size', 1),
      toMilliseconds(offset, 'window offset'),
    );
  }

  override assignWindows(_element: unknown, _timestampMs: number, context: WindowAssignerContext): TimeWindow[] {
    return this.windowOf(context.currentProcessingTime());
  }

  override getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return ProcessingTimeTrigger.create();
  }

  override toString(): string {
    return `TumblingProcessingTimeWindows(${this.sizeMs})`;
  }
}
