// How event time enters a stream: WatermarkStrategy, and the two assigner interfaces of Flink 1.9.
import { appError } from '../errors.ts';
import type { RichFunctionLifecycle } from './functions.ts';
import { type TimeLike, toMilliseconds } from './time.ts';
import {
  type TimestampAssigner,
  Watermark,
  type WatermarkAlignment,
  type WatermarkGenerator,
  type WatermarkLike,
  type WatermarkOutput,
  type WatermarkSpec,
  watermarkMs,
} from './watermark.ts';

/** Stays `maxOutOfOrderness` and one millisecond behind the newest record. */
export class BoundedOutOfOrdernessWatermarks<T> implements WatermarkGenerator<T> {
  readonly #boundMs: number;
  #maxTimestampMs = Number.NEGATIVE_INFINITY;

  constructor(maxOutOfOrderness: TimeLike) {
    this.#boundMs = toMilliseconds(maxOutOfOrderness, 'bound of out-of-orderness', 0);
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

/** For timestamps that never go back within a subtask. */
export class AscendingTimestampsWatermarks<T> extends BoundedOutOfOrdernessWatermarks<T> {
  constructor() {
    super(0);
  }
}

/** Flink's default. */
const DEFAULT_ALIGNMENT_INTERVAL_MS = 1000;

const noWatermarks: WatermarkGenerator<unknown> = { onEvent() {}, onPeriodicEmit() {} };

export type TimestampAssignerLike<T> =
  | TimestampAssigner<T>
  | { extractTimestamp(element: T, recordTimestampMs: number): number };

/** Ready-made by the static methods; a strategy of one's own extends it. */
export abstract class WatermarkStrategy<T> implements WatermarkSpec<T> {
  readonly idleTimeoutMs: number | undefined = undefined;
  readonly alignment: WatermarkAlignment | undefined = undefined;

  /** Called once per subtask. */
  abstract createWatermarkGenerator(): WatermarkGenerator<T>;

  /** Called once per subtask; undefined: records keep the time they have. */
  createTimestampAssigner(): TimestampAssigner<T> | undefined {
    return undefined;
  }

  withTimestampAssigner(assigner: TimestampAssignerLike<T>): WatermarkStrategy<T> {
    const extract = typeof assigner === 'function' ? assigner : assigner.extractTimestamp.bind(assigner);
    return new ComposedStrategy(this, { createTimestampAssigner: () => extract });
  }

  /** Without records for so long, the stream does not hold back others. */
  withIdleness(idleTimeout: TimeLike): WatermarkStrategy<T> {
    return new ComposedStrategy(this, { idleTimeoutMs: toMilliseconds(idleTimeout, 'idle timeout', 1) });
  }

  /**
   * A source that gets more than `maxDrift` ahead of the least watermark of its group stops reading until the others have come up. Counts
   * for what `fromSource` reads; a reader that knows `pauseOrResumeSplits` is held split by split.
   * @param group sources of the job that wait for each other
   * @param updateInterval how often watermarks are told at least, processing time
   */
  withWatermarkAlignment(
    group: string,
    maxDrift: TimeLike,
    updateInterval: TimeLike = DEFAULT_ALIGNMENT_INTERVAL_MS,
  ): WatermarkStrategy<T> {
    const alignment = {
      group,
      maxDriftMs: toMilliseconds(maxDrift, 'max drift of the watermark group', 0),
      updateIntervalMs: toMilliseconds(updateInterval, 'update interval of the watermark group', 1),
    };
    return new ComposedStrategy(this, { alignment });
  }

  /** Timestamps never go back within a subtask. */
  static forMonotonousTimestamps<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.forBoundedOutOfOrderness(0);
  }

  /** Records are at most `bound` behind the newest one. */
  static forBoundedOutOfOrderness<T>(bound: TimeLike): WatermarkStrategy<T> {
    const boundMs = toMilliseconds(bound, 'bound of out-of-orderness', 0);
    return WatermarkStrategy.forGenerator<T>(() => new BoundedOutOfOrdernessWatermarks(boundMs));
  }

  /** @param create called once per subtask */
  static forGenerator<T>(create: () => WatermarkGenerator<T>): WatermarkStrategy<T> {
    return new ComposedStrategy<T>({
      createWatermarkGenerator: create,
      createTimestampAssigner: () => undefined,
      idleTimeoutMs: undefined,
    });
  }

  static noWatermarks<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.forGenerator<T>(() => noWatermarks);
  }
}

/** Another strategy with some parts replaced. */
class ComposedStrategy<T> extends WatermarkStrategy<T> {
  override readonly idleTimeoutMs: number | undefined;
  override readonly alignment: WatermarkAlignment | undefined;
  readonly #base: WatermarkSpec<T>;
  readonly #createAssigner: (() => TimestampAssigner<T> | undefined) | undefined;

  constructor(
    base: WatermarkSpec<T>,
    parts: Partial<Pick<WatermarkSpec<T>, 'createTimestampAssigner' | 'idleTimeoutMs' | 'alignment'>> = {},
  ) {
    super();
    this.#base = base;
    this.#createAssigner = parts.createTimestampAssigner;
    this.idleTimeoutMs = parts.idleTimeoutMs ?? base.idleTimeoutMs;
    this.alignment = parts.alignment ?? base.alignment;
  }

  override createWatermarkGenerator(): WatermarkGenerator<T> {
    return this.#base.createWatermarkGenerator();
  }

  override createTimestampAssigner(): TimestampAssigner<T> | undefined {
    return this.#createAssigner ? this.#createAssigner() : this.#base.createTimestampAssigner();
  }
}

export interface AssignerWithPeriodicWatermarks<T> extends RichFunctionLifecycle {
  extractTimestamp(element: T, previousElementTimestampMs: number): number;
  /** Asked every auto watermark interval; undefined: nothing new. */
  getCurrentWatermark(): WatermarkLike | undefined;
}

export interface AssignerWithPunctuatedWatermarks<T> extends RichFunctionLifecycle {
  extractTimestamp(element: T, previousElementTimestampMs: number): number;
  /** Asked after each element; undefined: no watermark here. */
  checkAndGetNextWatermark(lastElement: T, extractedTimestampMs: number): WatermarkLike | undefined;
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
  if (isSpec(assigner)) return withoutAlignment(assigner);
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

/** Only a source can stop reading. */
function withoutAlignment<T>(strategy: WatermarkStrategy<T>): WatermarkStrategy<T> {
  if (strategy.alignment === undefined) return strategy;
  throw appError('INVALID_SETTING', [
    'watermark alignment of assignTimestampsAndWatermarks',
    `group "${strategy.alignment.group}"`,
    'a strategy without it: give the one with it to fromSource, where reading can stop',
  ]);
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

function emit(watermark: WatermarkLike | undefined, output: WatermarkOutput): void {
  if (watermark === undefined) return;
  const timestampMs = watermarkMs(watermark);
  if (timestampMs > Number.NEGATIVE_INFINITY) output.emitWatermark(timestampMs);
}
