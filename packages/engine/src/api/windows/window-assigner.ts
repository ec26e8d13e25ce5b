// The contract of window assigners; the built-in ones are in assigners.ts.
import type { Trigger } from './trigger.ts';
import type { Window } from './window.ts';

export interface WindowAssignerContext {
  currentProcessingTime(): number;
}

/** What a built-in assigner is, as data, so that the runtime can take a faster path with equal results. */
export type BuiltInAssigner =
  | { readonly kind: 'tumbling'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'sliding'; readonly sizeMs: number; readonly slideMs: number; readonly offsetMs: number }
  | { readonly kind: 'session'; readonly gapMs: number }
  | { readonly kind: 'dynamicSession'; readonly gapMs: (element: never) => number }
  | { readonly kind: 'global' };

/** Turns an own kind of window into plain data for state and back; TimeWindow and GlobalWindow need none. */
export interface WindowCodec<W extends Window> {
  toData(window: W): unknown;
  fromData(data: unknown): W;
}

export interface WindowAssigner<T, W extends Window> {
  /** Decides which timers and which lateness rule apply. */
  readonly isEventTime: boolean;
  /** Set by built-in assigners only. */
  readonly builtIn?: BuiltInAssigner;
  readonly windowCodec?: WindowCodec<W>;
  /** @param timestampMs event time of the element; NaN when it has none */
  assignWindows(element: T, timestampMs: number, context: WindowAssignerContext): readonly W[];
  getDefaultTrigger(): Trigger<T, W>;
  /**
   * Present: a merging assigner (sessions). Calls `callback` for every group of two or more windows that become one.
   */
  mergeWindows?(windows: readonly W[], callback: (merged: readonly W[], result: W) => void): void;
  /** Name in the operator's default name, e.g. "TumblingEventTimeWindows(1000)". */
  toString(): string;
}
