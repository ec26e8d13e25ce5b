// Windows of one size that start every slide; a record is in size/slide of them.
import { appError } from '../../errors.ts';
import { type TimeLike, toMilliseconds } from '../time.ts';
import { EventTimeTrigger, ProcessingTimeTrigger } from './time-triggers.ts';
import type { Trigger } from './trigger.ts';
import { TimeWindow } from './window.ts';
import type { BuiltInAssigner, WindowAssigner, WindowAssignerContext } from './window-assigner.ts';
import { requireTimestamp } from './window-timestamp.ts';

abstract class SlidingWindows implements WindowAssigner<unknown, TimeWindow> {
  abstract readonly isEventTime: boolean;
  readonly builtIn: BuiltInAssigner;
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;

  protected constructor(sizeMs: number, slideMs: number, offsetMs: number) {
    if (Math.abs(offsetMs) >= slideMs) {
      throw appError('INVALID_WINDOW', [`offset ${offsetMs} ms`, `less than the slide, ${slideMs} ms`]);
    }
    this.sizeMs = sizeMs;
    this.slideMs = slideMs;
    this.offsetMs = offsetMs;
    this.builtIn = { kind: 'sliding', sizeMs, slideMs, offsetMs };
  }

  abstract assignWindows(element: unknown, timestampMs: number, context: WindowAssignerContext): TimeWindow[];
  abstract getDefaultTrigger(): Trigger<unknown, TimeWindow>;

  protected windowsOf(timeMs: number): TimeWindow[] {
    const windows: TimeWindow[] = [];
    const lastStart = TimeWindow.getWindowStartWithOffset(timeMs, this.offsetMs, this.slideMs);
    for (let start = lastStart; start > timeMs - this.sizeMs; start -= this.slideMs) {
      windows.push(new TimeWindow(start, start + this.sizeMs));
    }
    return windows;
  }
}

export class SlidingEventTimeWindows extends SlidingWindows {
  readonly isEventTime = true;

  static of(size: TimeLike, slide: TimeLike, offset: TimeLike = 0): SlidingEventTimeWindows {
    return new SlidingEventTimeWindows(
      toMilliseconds(size, 'window size', 1),
      toMilliseconds(slide, 'window slide', 1),
      toMilliseconds(offset, 'window offset'),
    );
  }

  override assignWindows(_element: unknown, timestampMs: number): TimeWindow[] {
    return this.windowsOf(requireTimestamp(timestampMs, 'SlidingEventTimeWindows'));
  }

  override getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return EventTimeTrigger.create();
  }

  override toString(): string {
    return `SlidingEventTimeWindows(${this.sizeMs}, ${this.slideMs})`;
  }
}

export class SlidingProcessingTimeWindows extends SlidingWindows {
  readonly isEventTime = false;

  static of(size: TimeLike, slide: TimeLike, offset: TimeLike = 0): SlidingProcessingTimeWindows {
    return new SlidingProcessingTimeWindows(
      toMilliseconds(size, 'window size', 1),
      toMilliseconds(slide, 'window slide', 1),
      toMilliseconds(offset, 'window offset'),
    );
  }

  override assignWindows(_element: unknown, _timestampMs: number, context: WindowAssignerContext): TimeWindow[] {
    return this.windowsOf(context.currentProcessingTime());
  }

  override getDefaultTrigger(): Trigger<unknown, TimeWindow> {
    return ProcessingTimeTrigger.create();
  }

  override toString(): string {
    return `SlidingProcessingTimeWindows(${this.sizeMs}, ${this.slideMs})`;
  }
}
