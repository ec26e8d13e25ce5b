// Timers of one keyed operator: (timestamp, key, namespace), unique, event or processing time.
import type { TypeInformation } from '../api/type-information.ts';
import type { TimerHandler } from '../runtime/operators/stream-operator.ts';

/** What operators use. The key is the backend's current key. */
export interface TimerService {
  registerEventTimeTimer(namespace: unknown, timestampMs: number): void;
  deleteEventTimeTimer(namespace: unknown, timestampMs: number): void;
  registerProcessingTimeTimer(namespace: unknown, timestampMs: number): void;
  deleteProcessingTimeTimer(namespace: unknown, timestampMs: number): void;
  currentWatermarkMs(): number;
  currentProcessingTimeMs(): number;
}

export interface TimerServiceOptions {
  readonly name: string;
  readonly namespaceType: TypeInformation | undefined;
  readonly handler: TimerHandler;
  readonly nowMs: () => number;
  /** Asks the task for a callback at `atMs`; the service asks again when an earlier timer appears. */
  readonly scheduleProcessingTime: (atMs: number, callback: (timeMs: number) => void) => { cancel(): void };
}

/** What the task drives. */
export interface InternalTimerService extends TimerService {
  /**
   * Fires event-time timers up to `watermarkMs` in time order, setting the current key for each, for at most `maxTimers`.
   * @returns true when none is left at or before the watermark; false: call again (the task lets output drain between).
   */
  advanceWatermark(watermarkMs: number, maxTimers: number): boolean;
  count(): { readonly eventTime: number; readonly processingTime: number };
  close(): void;
}
