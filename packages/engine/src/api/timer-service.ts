// Time and timers as user functions see them. Times are epoch milliseconds.

export interface TimerService {
  currentProcessingTime(): number;
  /** -Infinity before the first watermark, +Infinity after the last. */
  currentWatermark(): number;
  /** Unique per key and time: registering twice fires once. Throws outside a keyed operator. */
  registerEventTimeTimer(timestampMs: number): void;
  registerProcessingTimeTimer(timestampMs: number): void;
  deleteEventTimeTimer(timestampMs: number): void;
  deleteProcessingTimeTimer(timestampMs: number): void;
}

export const TimeDomain = { EventTime: 'EVENT_TIME', ProcessingTime: 'PROCESSING_TIME' } as const;
export type TimeDomain = (typeof TimeDomain)[keyof typeof TimeDomain];
