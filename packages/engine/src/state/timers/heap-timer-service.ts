// Timer service of one operator and subtask, over two queues (event time, processing time).
import type { TimerHandler } from '../../runtime/operators/stream-operator.ts';
import type { KeyContext } from '../key-context.ts';
import type { InternalTimerService, TimerServiceOptions } from '../timer-service.ts';
import type { DueTimer, TimerQueue } from './timer-queue.ts';

/** Processing-time timers fired per callback; the rest follow in the next, so that records get their turn. */
const MAX_TIMERS_PER_CALLBACK = 10_000;

interface ScheduledCallback {
  readonly atMs: number;
  readonly handle: { cancel(): void };
}

export class HeapTimerService implements InternalTimerService {
  readonly #options: TimerServiceOptions;
  readonly #handler: TimerHandler;
  readonly #context: KeyContext;
  readonly #eventTimers: TimerQueue;
  readonly #processingTimers: TimerQueue;
  #watermarkMs = Number.NEGATIVE_INFINITY;
  #scheduled: ScheduledCallback | undefined;
  #closed = false;

  constructor(
    options: TimerServiceOptions,
    context: KeyContext,
    eventTimers: TimerQueue,
    processingTimers: TimerQueue,
  ) {
    this.#options = options;
    this.#handler = options.handler;
    this.#context = context;
    this.#eventTimers = eventTimers;
    this.#processingTimers = processingTimers;
    this.#scheduleNext();
  }

  registerEventTimeTimer(namespace: unknown, timestampMs: number): void {
    this.#eventTimers.add(namespace, timestampMs);
  }

  deleteEventTimeTimer(namespace: unknown, timestampMs: number): void {
    this.#eventTimers.remove(namespace, timestampMs);
  }

  registerProcessingTimeTimer(namespace: unknown, timestampMs: number): void {
    this.#processingTimers.add(namespace, timestampMs);
    if (this.#scheduled === undefined || timestampMs < this.#scheduled.atMs) this.#scheduleNext();
  }

  deleteProcessingTimeTimer(namespace: unknown, timestampMs: number): void {
    this.#processingTimers.remove(namespace, timestampMs);
  }

  currentWatermarkMs(): number {
    return this.#watermarkMs;
  }

  currentProcessingTimeMs(): number {
    return this.#options.nowMs();
  }

  advanceWatermark(watermarkMs: number, maxTimers: number): boolean {
    this.#watermarkMs = watermarkMs;
    const queue = this.#eventTimers;
    for (let fired = 0; fired < maxTimers; fired++) {
      const timer = queue.poll(watermarkMs);
      if (timer === undefined) return true;
      this.#fire(timer, true);
    }
    return queue.earliestMs() > watermarkMs;
  }

  count(): { readonly eventTime: number; readonly processingTime: number } {
    return { eventTime: this.#eventTimers.size, processingTime: this.#processingTimers.size };
  }

  close(): void {
    this.#closed = true;
    this.#scheduled?.handle.cancel();
    this.#scheduled = undefined;
  }

  /** The slot is released only after the handler, which mostly uses the same key's state. */
  #fire(timer: DueTimer, isEventTime: boolean): void {
    const { timestampMs, slot, namespace } = timer;
    const context = this.#context;
    context.setCurrentSlot(slot);
    if (isEventTime) this.#handler.onEventTime(timestampMs, context.key, namespace);
    else this.#handler.onProcessingTime(timestampMs, context.key, namespace);
    context.release(slot);
  }

  #onProcessingTime(timeMs: number): void {
    this.#scheduled = undefined;
    if (this.#closed) return;
    for (let fired = 0; fired < MAX_TIMERS_PER_CALLBACK; fired++) {
      const timer = this.#processingTimers.poll(timeMs);
      if (timer === undefined) break;
      this.#fire(timer, false);
    }
    this.#scheduleNext();
  }

  #scheduleNext(): void {
    const atMs = this.#processingTimers.earliestMs();
    if (this.#closed || atMs === this.#scheduled?.atMs) return;
    this.#scheduled?.handle.cancel();
    this.#scheduled = undefined;
    if (atMs === Number.POSITIVE_INFINITY) return;
    const handle = this.#options.scheduleProcessingTime(atMs, (timeMs) => this.#onProcessingTime(timeMs));
    this.#scheduled = { atMs, handle };
  }
}
