// How event time enters a stream: WatermarkStrategy, and the two assigner interfaces of Flink 1.9.
import { appError } from '../errors.ts';
import type { RichFunctionLifecycle } from './functions.ts';
import { type TimeLike, toMilliseconds } from './time.ts';
import type { TimestampAssigner, WatermarkGenerator, WatermarkOutput, WatermarkSpec } from './watermark.ts';

/** Emits (largest timestamp - bound - 1) periodically. */
class BoundedOutOfOrdernessGenerator<T> implements WatermarkGenerator<T> {
  readonly #boundMs: number;
  #maxTimestampMs = Number.NEGATIVE_INFINITY;

  constructor(boundMs: number) {
    this.#boundMs = boundMs;
  }

  onEvent(_event: T, eventTimestampMs: number): void {
    if (eventTimestampMs > this.#maxTimestampMs) this.#maxTimestampMs = eventTimestampMs;
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    if (this.#maxTimestampMs !== Number.NEGATIVE_INFINITY) {
      output.emitWatermark(this.#maxTimestampMs - this.#boundMs - 1);
    }
  }
}

const noWatermarks: WatermarkGenerator<unknown> = { onEvent() {}, onPeriodicEmit() {} };

export type TimestampAssignerLike<T> =
  | TimestampAssigner<T>
  | { extractTimestamp(element: T, recordTimestampMs: number): number };

export class WatermarkStrategy<T> implements WatermarkSpec<T> {
  readonly #createGenerator: () => WatermarkGenerator<T>;
  readonly #createAssigner: (() => TimestampAssigner<T>) | undefined;
  readonly idleTimeoutMs: number | undefined;

  private constructor(
    createGenerator: () => WatermarkGenerator<T>,
    createAssigner: (() => TimestampAssigner<T>) | undefined,
    idleTimeoutMs: number | undefined,
  ) {
    this.#createGenerator = createGenerator;
    this.#createAssigner = createAssigner;
    this.idleTimeoutMs = idleTimeoutMs;
  }

  /** Timestamps never go back within a subtask. */
  static forMonotonousTimestamps<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.forBoundedOutOfOrderness(0);
  }

  /** Records are at most `bound` behind the newest one. */
  static forBoundedOutOfOrderness<T>(bound: TimeLike): WatermarkStrategy<T> {
    const boundMs = toMilliseconds(bound, 'bound of out-of-orderness', 0);
    return WatermarkStrategy.forGenerator<T>(() => new BoundedOutOfOrdernessGenerator(boundMs));
  }

  /** @param create called once per subtask */
  static forGenerator<T>(create: () => WatermarkGenerator<T>): WatermarkStrategy<T> {
    return new WatermarkStrategy(create, undefined, undefined);
  }

  static noWatermarks<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.forGenerator<T>(() => noWatermarks);
  }

  withTimestampAssigner(assigner: TimestampAssignerLike<T>): WatermarkStrategy<T> {
    const extract = typeof assigner === 'function' ? assigner : assigner.extractTimestamp.bind(assigner);
    return new WatermarkStrategy(this.#createGenerator, () => extract, this.idleTimeoutMs);
  }

  /** Without records for so long, the stream does not hold back others. */
  withIdleness(idleTimeout: TimeLike): WatermarkStrategy<T> {
    const idleTimeoutMs = toMilliseconds(idleTimeout, 'idle timeout', 1);
    return new WatermarkStrategy(this.#createGenerator, this.#createAssigner, idleTimeoutMs);
  }

  createWatermarkGenerator(): WatermarkGenerator<T> {
    return this.#createGenerator();
  }

  createTimestampAssigner(): TimestampAssigner<T> | undefined {
    return this.#createAssigner?.();
  }
}

/** A point in event time; what the assigners of Flink 1.9 hand out. */
export class Watermark {
  static readonly MAX_WATERMARK = new Watermark(Number.POSITIVE_INFINITY);
  readonly timestampMs: number;

  constructor(timestampMs: number) {
    this.timestampMs = timestampMs;
  }

  getTimestamp(): number {
    return this.timestampMs;
  }
}

export interface AssignerWithPeriodicWatermarks<T> extends RichFunctionLifecycle {
  extractTimestamp(element: T, previousElementTimestampMs: number): number;
  /** Asked every auto watermark interval; undefined: nothing new. */
  getCurrentWatermark(): Watermark | number | undefined;
}

export interface AssignerWithPunctuatedWatermarks<T> extends RichFunctionLifecycle {
  extractTimestamp(element: T, previousElementTimestampMs: number): number;
  /** Asked after each element; undefined: no watermark here. */
  checkAndGetNextWatermark(lastElement: T, extractedTimestampMs: number): Watermark | number | undefined;
}

export abstract class BoundedOutOfOrdernessTimestampExtractor<T> implements AssignerWithPeriodicWatermarks<T> {
  readonly #maxOutOfOrdernessMs: number;
  #maxTimestampMs = Number.NEGATIVE_INFINITY;

  constructor(maxOutOfOrderness: TimeLike) {
    this.#maxOutOfOrdernessMs = toMilliseconds(maxOutOfOrderness, 'max out-of-orderness', 0);
  }

  /** Reads the event time, epoch ms. */
  abstract extractElementTimestamp(element: T): number;

  getMaxOutOfOrdernessInMillis(): number {
    return this.#maxOutOfOrdernessMs;
  }

  extractTimestamp(element: T): number {
    const timestampMs = this.extractElementTimestamp(element);
    if (timestampMs > this.#maxTimestampMs) this.#maxTimestampMs = timestampMs;
    return timestampMs;
  }

  /** Largest timestamp minus the bound (one more than WatermarkStrategy's, as in Flink 1.9). */
  getCurrentWatermark(): Watermark {
    return new Watermark(this.#maxTimestampMs - this.#maxOutOfOrdernessMs);
  }
}

export abstract class AscendingTimestampExtractor<T> implements AssignerWithPeriodicWatermarks<T> {
  #currentTimestampMs = Number.NEGATIVE_INFINITY;

  abstract extractAscendingTimestamp(element: T): number;

  extractTimestamp(element: T): number {
    const timestampMs = this.extractAscendingTimestamp(element);
    if (timestampMs > this.#currentTimestampMs) this.#currentTimestampMs = timestampMs;
    return timestampMs;
  }

  getCurrentWatermark(): Watermark {
    return new Watermark(this.#currentTimestampMs - 1);
  }
}

export type WatermarkAssigner<T> =
  | WatermarkStrategy<T>
  | AssignerWithPeriodicWatermarks<T>
  | AssignerWithPunctuatedWatermarks<T>;

/** What the timestamps/watermarks operator runs, whichever way it was given. */
export function toWatermarkSpec<T>(assigner: WatermarkAssigner<T>): WatermarkSpec<T> {
  if (isSpec(assigner)) return assigner;
  if (typeof (assigner as Partial<AssignerWithPeriodicWatermarks<T>>)?.extractTimestamp !== 'function') {
    throw appError('INVALID_FUNCTION', [
      'assignTimestampsAndWatermarks',
      'extractTimestamp',
      'none (nor a WatermarkStrategy)',
    ]);
  }
  const legacy = 'getCurrentWatermark' in assigner ? periodicGenerator(assigner) : punctuatedGenerator(assigner);
  return {
    idleTimeoutMs: undefined,
    createTimestampAssigner: () => assigner.extractTimestamp.bind(assigner),
    createWatermarkGenerator: () => legacy,
  };
}

function isSpec<T>(assigner: WatermarkAssigner<T>): assigner is WatermarkStrategy<T> {
  return typeof (assigner as Partial<WatermarkSpec<T>>)?.createWatermarkGenerator === 'function';
}

function periodicGenerator<T>(assigner: AssignerWithPeriodicWatermarks<T>): WatermarkGenerator<T> {
  return {
    onEvent() {},
    onPeriodicEmit: (output) => emit(assigner.getCurrentWatermark(), output),
  };
}

function punctuatedGenerator<T>(assigner: AssignerWithPunctuatedWatermarks<T>): WatermarkGenerator<T> {
  return {
    onEvent: (event, timestampMs, output) => emit(assigner.checkAndGetNextWatermark(event, timestampMs), output),
    onPeriodicEmit() {},
  };
}

function emit(watermark: Watermark | number | undefined, output: WatermarkOutput): void {
  if (watermark === undefined) return;
  const timestampMs = typeof watermark === 'number' ? watermark : watermark.timestampMs;
  if (timestampMs > Number.NEGATIVE_INFINITY) output.emitWatermark(timestampMs);
}
