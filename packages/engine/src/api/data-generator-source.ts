// Records made from their index, at a limited rate if wanted (source of the names: Apache Flink, flink-connector-datagen).
import { appError } from '../errors.ts';
import { NumberSequenceSource, RangeReader, type RangeSplit } from './collection-source.ts';
import { bindFunction } from './function-binding.ts';
import { Boundedness, type ReaderOutput, type Source, type SourceReader, type SourceReaderContext } from './source.ts';
import type { TypeInformation } from './type-information.ts';
import type { MapLike } from './user-functions.ts';

/** Both are of all subtasks together; +Infinity: no limit. */
export interface RateLimiterStrategy {
  readonly recordsPerSecond: number;
  readonly recordsPerCheckpoint: number;
}

const unlimited: RateLimiterStrategy = {
  recordsPerSecond: Number.POSITIVE_INFINITY,
  recordsPerCheckpoint: Number.POSITIVE_INFINITY,
};

export const RateLimiterStrategy = {
  perSecond(recordsPerSecond: number): RateLimiterStrategy {
    if (!(recordsPerSecond > 0)) throw appError('INVALID_SETTING', ['rate', recordsPerSecond, 'above 0 per second']);
    return { ...unlimited, recordsPerSecond };
  },

  /** So many at first, and so many after each completed checkpoint; at least one for each subtask. */
  perCheckpoint(recordsPerCheckpoint: number): RateLimiterStrategy {
    if (!Number.isSafeInteger(recordsPerCheckpoint) || recordsPerCheckpoint < 1) {
      throw appError('INVALID_SETTING', ['rate', recordsPerCheckpoint, 'a whole number from 1 on per checkpoint']);
    }
    return { ...unlimited, recordsPerCheckpoint };
  },

  noOp(): RateLimiterStrategy {
    return unlimited;
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
    const { recordsPerSecond, recordsPerCheckpoint } = this.#rate;
    const subtasks = context.numberOfParallelSubtasks;
    if (recordsPerCheckpoint < Number.POSITIVE_INFINITY) {
      return new GatedReader(this.#valueAt, shareOf(recordsPerCheckpoint, subtasks));
    }
    if (recordsPerSecond === Number.POSITIVE_INFINITY) return new RangeReader(this.#valueAt);
    return new PacedReader(this.#valueAt, (1000 * subtasks) / recordsPerSecond, context);
  }
}

function shareOf(recordsPerCheckpoint: number, subtasks: number): number {
  const share = Math.floor(recordsPerCheckpoint / subtasks);
  if (share > 0) return share;
  const allowed = `at least the parallelism, ${subtasks}`;
  throw appError('INVALID_SETTING', ['records per checkpoint', recordsPerCheckpoint, allowed]);
}

/** So many records, then none until a checkpoint completes. */
class GatedReader<T> extends RangeReader<T> {
  readonly #share: number;
  #left: number;
  #open: () => void = () => {};

  constructor(valueAt: (index: number) => T, share: number) {
    super(valueAt, 1);
    this.#share = share;
    this.#left = share;
  }

  override pollNext(output: ReaderOutput<T>): 'more' | 'wait' | 'end' {
    const hasMore = this.hasMore();
    if (hasMore && this.#left === 0) return 'wait';
    if (hasMore) this.#left -= 1;
    return super.pollNext(output);
  }

  override isAvailable(): Promise<void> {
    if (this.#left > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  notifyCheckpointComplete(): void {
    this.#left = this.#share;
    this.#open();
  }

  close(): void {
    this.#open();
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
