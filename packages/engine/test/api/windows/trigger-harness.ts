// One key and window of a trigger, with its state and timers.
import type { OnMergeContext, Trigger, TriggerContext, Window } from '../../../src/index.ts';

interface AnyDescriptor {
  readonly kind: string;
  readonly name: string;
  readonly reduce?: (a: unknown, b: unknown) => unknown;
}

export class TriggerHarness<T, W extends Window> {
  watermark = Number.NEGATIVE_INFINITY;
  processingTime = 0;
  readonly eventTimers = new Set<number>();
  readonly processingTimers = new Set<number>();
  readonly state = new Map<string, unknown>();
  readonly #trigger: Trigger<T, W>;
  readonly #window: W;

  constructor(trigger: Trigger<T, W>, window: W) {
    this.#trigger = trigger;
    this.#window = window;
  }

  element(value: T, timestampMs = 0): string {
    return this.#trigger.onElement(value, timestampMs, this.#window, this.#context());
  }

  /** Fires the due event-time timers in order. */
  advanceWatermark(watermark: number): string[] {
    this.watermark = watermark;
    return this.#fire(this.eventTimers, watermark, (time) =>
      this.#trigger.onEventTime(time, this.#window, this.#context()),
    );
  }

  advanceProcessingTime(time: number): string[] {
    this.processingTime = time;
    return this.#fire(this.processingTimers, time, (due) =>
      this.#trigger.onProcessingTime(due, this.#window, this.#context()),
    );
  }

  clear(): void {
    this.#trigger.clear(this.#window, this.#context());
  }

  #fire(timers: Set<number>, upTo: number, call: (time: number) => string): string[] {
    const results: string[] = [];
    for (;;) {
      const due = [...timers].filter((time) => time <= upTo).sort((a, b) => a - b)[0];
      if (due === undefined) return results;
      timers.delete(due);
      results.push(`${due} ${call(due)}`);
    }
  }

  #context(): OnMergeContext {
    const context: Partial<TriggerContext> = {
      currentProcessingTime: () => this.processingTime,
      currentWatermark: () => this.watermark,
      registerEventTimeTimer: (time) => void this.eventTimers.add(time),
      registerProcessingTimeTimer: (time) => void this.processingTimers.add(time),
      deleteEventTimeTimer: (time) => void this.eventTimers.delete(time),
      deleteProcessingTimeTimer: (time) => void this.processingTimers.delete(time),
      getPartitionedState: ((descriptor: AnyDescriptor) => this.#handle(descriptor)) as never,
    };
    return context as OnMergeContext;
  }

  #handle({ name, reduce }: AnyDescriptor): unknown {
    return {
      get: () => this.state.get(name),
      value: () => this.state.get(name),
      update: (value: unknown) => this.state.set(name, value),
      add: (value: unknown) =>
        this.state.set(name, this.state.has(name) ? reduce?.(this.state.get(name), value) : value),
      clear: () => this.state.delete(name),
    };
  }
}
