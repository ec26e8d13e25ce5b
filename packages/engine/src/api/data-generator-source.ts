// Records made from their index, at a limited rate if wanted (source of the names: Apache Flink, flink-connector-datagen).
import { appError } from '../errors.ts';
import { NumberSequenceSource, RangeReader, type RangeSplit } from './collection-source.ts';
import { bindFunction } from './function-binding.ts';
import { Boundedness, type ReaderOutput, type Source, type SourceReader, type SourceReaderContext } from './source.ts';
import type { TypeInformation } from './type-information.ts';
import type { MapLike } from './user-functions.ts';

export interface RateLimiterStrategy {
  /** Of all subtasks together; +Infinity: no limit. */
  readonly recordsPerSecond: number;
}

export const RateLimiterStrategy = {
  perSecond(recordsPerSecond: number): RateLimiterStrategy {
    if (!(recordsPerSecond > 0)) throw appError('INVALID_SETTING', ['rate', recordsPerSecond, 'above 0 per second']);
    return { recordsPerSecond };
  },

  noOp(): RateLimiterStrategy {
    return { recordsPerSecond: Number.POSITIVE_INFINITY };
  },
} as const;

// What was not emitted for longer than this is not made up for, ms: timers are late by a few.
const LONGEST_CATCH_UP_MS = 50;

export class DataGeneratorSource<T> implements Source<T, RangeSplit> {
  readonly boundedness = Boundedness.Bounded;
  readonly producedType: TypeInformation<T> | undefined;
  readonly #indices: NumberSequenceSource;
  readonly #valueAt: (index: number) => T;
  readonly #rate: RateLimiterStrategy;

  /**
   * @param generatorFunction called with each index; after a restore again for those behind the checkpoint
   * @param count number of records, of all subtasks together; Number.MAX_SAFE_INTEGER: endless, so to say
   */
  constructor(
    generatorFunction: MapLike<number, T>,
    count: number,
    rateLimiterStrategy: RateLimiterStrategy = RateLimiterStrategy.noOp(),
    type?: TypeInformation<T>,
  ) {
    this.#indices = new NumberSequenceSource(0, count - 1);
    this.#valueAt = bindFunction<(index: number) => T>(generatorFunction, 'map', 'DataGeneratorSource').fn;
    this.#rate = rateLimiterStrategy;
    this.producedType = type;
  }

  enumerateSplits(): RangeSplit[] {
    return this.#indices.enumerateSplits();
  }

  splitId(split: RangeSplit): string {
    return this.#indices.splitId(split);
  }

  createReader(context: SourceReaderContext): SourceReader<T, RangeSplit> {
    const { recordsPerSecond } = this.#rate;
    if (recordsPerSecond === Number.POSITIVE_INFINITY) return new RangeReader(this.#valueAt);
    return new PacedReader(this.#valueAt, (1000 * context.numberOfParallelSubtasks) / recordsPerSecond, context);
  }
}

/** One record per interval. */
class PacedReader<T> extends RangeReader<T> {
  readonly #intervalMs: number;
  readonly #context: SourceReaderContext;
  #nextAtMs: number;

  constructor(valueAt: (index: number) => T, intervalMs: number, context: SourceReaderContext) {
    super(valueAt, 1);
    this.#intervalMs = intervalMs;
    this.#context = context;
    this.#nextAtMs = context.currentProcessingTime();
  }

  override pollNext(output: ReaderOutput<T>): 'more' | 'wait' | 'end' {
    const nowMs = this.#context.currentProcessingTime();
    if (nowMs < this.#nextAtMs) return 'wait';
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs - LONGEST_CATCH_UP_MS) + this.#intervalMs;
    return super.pollNext(output);
  }

  override isAvailable(): Promise<void> {
    return this.#context.waitUntil(Math.ceil(this.#nextAtMs));
  }
}
