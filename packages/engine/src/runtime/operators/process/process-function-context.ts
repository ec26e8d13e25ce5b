// The context object of process functions: one per operator, reused for every call.
import type { OutputTag } from '../../../api/output-tag.ts';
import type { OnTimerContext } from '../../../api/process-context.ts';
import { TimeDomain, type TimerService } from '../../../api/timer-service.ts';
import { appError } from '../../../errors.ts';
import type { KeyedStateBackend } from '../../../state/keyed-state-backend.ts';
import type { OperatorContext, TimestampCell } from '../stream-operator.ts';

export class ProcessFunctionContext implements OnTimerContext<unknown> {
  protected readonly context: OperatorContext;
  readonly #cell: TimestampCell;
  readonly #keyedState: KeyedStateBackend | undefined;
  #timers: TimerService | undefined;
  /** Set while a timer fires. */
  #timerMs = Number.NaN;
  #timerDomain: TimeDomain | undefined;

  constructor(context: OperatorContext, keyed: boolean) {
    this.context = context;
    this.#cell = context.cell;
    this.#keyedState = keyed ? context.keyedState : undefined;
  }

  bindTimers(timers: TimerService): void {
    this.#timers = timers;
  }

  timestamp(): number | undefined {
    const timestampMs = this.#timerDomain === undefined ? this.#cell.timestampMs : this.#timerMs;
    return Number.isNaN(timestampMs) ? undefined : timestampMs;
  }

  timerService(): TimerService {
    return this.#timers!;
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.context.output.collectSide(tag.id, value);
  }

  getCurrentKey(): unknown {
    if (this.#keyedState === undefined) throw appError('KEY_NEEDS_KEYED_STREAM', [this.context.operator.name]);
    return this.#keyedState.currentKey();
  }

  timeDomain(): TimeDomain {
    return this.#timerDomain ?? TimeDomain.EventTime;
  }

  /**
   * Runs `onTimer` with this context in timer mode. What it emits carries the timer's time when it is an event-time
   * timer and none when it is a processing-time one, as in Flink.
   */
  fire(timestampMs: number, domain: TimeDomain, onTimer: () => void): void {
    const previousMs = this.#cell.timestampMs;
    this.#timerMs = timestampMs;
    this.#timerDomain = domain;
    this.#cell.timestampMs = domain === TimeDomain.EventTime ? timestampMs : Number.NaN;
    onTimer();
    this.#timerDomain = undefined;
    this.#cell.timestampMs = previousMs;
  }
}
