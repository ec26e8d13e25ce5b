// Runs a watermark generator: periodic calls, idleness, and a downstream watermark that never goes back.
//   E1. Watermarks go out in increasing order; a later smaller one is dropped.
//   E2. After idleTimeoutMs without records the stream is idle until its next record or watermark.
import {
  type WatermarkGenerator,
  type WatermarkLike,
  type WatermarkOutput,
  type WatermarkSpec,
  watermarkMs,
} from '../../../api/watermark.ts';
import type { OperatorContext } from '../stream-operator.ts';

export interface WatermarkTarget {
  emitWatermark(timestampMs: number): void;
  emitStatus(idle: boolean): void;
}

export interface WatermarkEmitterOptions {
  /** Where watermarks and idleness go; default: downstream. */
  readonly target?: WatermarkTarget;
  /** Its reader comes to it later: it is not quiet before its first record. */
  readonly awaitsTurn?: boolean;
  /** It is kept from reading just now: that is not idleness. */
  readonly isHeld?: (() => boolean) | undefined;
}

export class WatermarkEmitter implements WatermarkOutput {
  readonly generator: WatermarkGenerator<unknown>;
  /** True between markIdle and the next record or watermark; read by the hot path. */
  idle = false;
  /** Counted by the hot path, compared by the idle check. */
  events = 0;
  readonly #context: OperatorContext;
  readonly #target: WatermarkTarget;
  readonly #awaitsTurn: boolean;
  readonly #isHeld: () => boolean;
  readonly #idleTimeoutMs: number | undefined;
  #currentMs = Number.NEGATIVE_INFINITY;
  #seenEvents = 0;
  #quietSinceMs: number | undefined;
  #timer: { cancel(): void } | undefined;

  constructor(spec: WatermarkSpec<unknown>, context: OperatorContext, options: WatermarkEmitterOptions = {}) {
    this.generator = spec.createWatermarkGenerator();
    this.#idleTimeoutMs = spec.idleTimeoutMs;
    this.#context = context;
    this.#target = options.target ?? context.output;
    this.#awaitsTurn = options.awaitsTurn === true;
    this.#isHeld = options.isHeld ?? (() => false);
  }

  open(): void {
    this.#schedule(this.#context.clock.nowMs());
  }

  close(): void {
    this.#timer?.cancel();
  }

  /** The last watermark that went out; -Infinity before the first. */
  get currentMs(): number {
    return this.#currentMs;
  }

  emitWatermark(watermark: WatermarkLike): void {
    const timestampMs = watermarkMs(watermark);
    if (!(timestampMs > this.#currentMs)) return;
    this.#currentMs = timestampMs;
    this.markActive();
    this.#target.emitWatermark(timestampMs);
  }

  markIdle(): void {
    if (this.idle) return;
    this.idle = true;
    this.#target.emitStatus(true);
  }

  markActive(): void {
    if (!this.idle) return;
    this.idle = false;
    this.#target.emitStatus(false);
  }

  /** A last call of the generator, at the end of input. */
  finish(): void {
    this.generator.onPeriodicEmit(this);
  }

  #schedule(nowMs: number): void {
    const intervalMs = this.#context.execution.autoWatermarkIntervalMs;
    if (!(intervalMs > 0)) return;
    this.#timer = this.#context.registerProcessingTimeCallback(nowMs + intervalMs, (timeMs) => {
      this.#onPeriod(timeMs);
      this.#schedule(this.#context.clock.nowMs());
    });
  }

  #onPeriod(nowMs: number): void {
    if (this.#isQuiet(nowMs)) this.markIdle();
    else this.generator.onPeriodicEmit(this);
  }

  /** Quiet: longer than the timeout without records, measured from the first check that saw none. */
  #isQuiet(nowMs: number): boolean {
    if (this.#idleTimeoutMs === undefined || (this.#awaitsTurn && this.events === 0)) return false;
    if (this.events !== this.#seenEvents || this.#isHeld()) {
      this.#seenEvents = this.events;
      this.#quietSinceMs = undefined;
      return false;
    }
    this.#quietSinceMs ??= nowMs;
    return nowMs - this.#quietSinceMs > this.#idleTimeoutMs;
  }
}
