// Interval join: pairs of two keyed streams whose times are within bounds of each other.
import { appError } from '../../errors.ts';
import type { IntervalJoinSpec } from '../../graph/operator-spec.ts';
import { bindFunction } from '../function-binding.ts';
import type { OutputTag } from '../output-tag.ts';
import type { ProcessJoinLike } from '../process-functions.ts';
import { type TimeLike, toMilliseconds } from '../time.ts';
import type { TypeInformation } from '../type-information.ts';
import { SingleOutputStreamOperator } from './data-stream.ts';
import type { KeyedStream } from './keyed-stream.ts';

export class IntervalJoin<A, B, K> {
  readonly #left: KeyedStream<A, K>;
  readonly #right: KeyedStream<B, K>;

  constructor(left: KeyedStream<A, K>, right: KeyedStream<B, K>) {
    this.#left = left;
    this.#right = right;
  }

  /** right time in [left + lowerBound, left + upperBound]; bounds may be negative. */
  between(lowerBound: TimeLike, upperBound: TimeLike): IntervalJoined<A, B, K> {
    const lowerMs = toMilliseconds(lowerBound, 'lower bound');
    const upperMs = toMilliseconds(upperBound, 'upper bound');
    return new IntervalJoined(this.#left, this.#right, lowerMs, upperMs);
  }
}

export class IntervalJoined<A, B, K> {
  readonly #left: KeyedStream<A, K>;
  readonly #right: KeyedStream<B, K>;
  readonly #lowerMs: number;
  readonly #upperMs: number;
  #lowerExclusive = false;
  #upperExclusive = false;
  #leftLateTag: string | undefined;
  #rightLateTag: string | undefined;

  constructor(left: KeyedStream<A, K>, right: KeyedStream<B, K>, lowerMs: number, upperMs: number) {
    if (lowerMs > upperMs) {
      throw appError('INVALID_SETTING', [
        'lower bound of the interval join',
        `${lowerMs} ms`,
        `at most the upper bound, ${upperMs} ms`,
      ]);
    }
    this.#left = left;
    this.#right = right;
    this.#lowerMs = lowerMs;
    this.#upperMs = upperMs;
  }

  lowerBoundExclusive(): this {
    this.#lowerExclusive = true;
    return this;
  }

  upperBoundExclusive(): this {
    this.#upperExclusive = true;
    return this;
  }

  sideOutputLeftLateData(tag: OutputTag<A>): this {
    this.#leftLateTag = tag.id;
    return this;
  }

  sideOutputRightLateData(tag: OutputTag<B>): this {
    this.#rightLateTag = tag.id;
    return this;
  }

  process<R>(joiner: ProcessJoinLike<A, B, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const environment = this.#left.getExecutionEnvironment();
    const operator = environment.builder.addOperator({
      name: 'Interval Join',
      operator: this.#createSpec(joiner),
      inputs: [this.#left.getTransformation(), this.#right.getTransformation()],
      keys: [this.#left.getKey(), this.#right.getKey()],
      outputType: type,
      parallelism: environment.getParallelism(),
    });
    return new SingleOutputStreamOperator<R>(environment, operator);
  }

  #createSpec<R>(joiner: ProcessJoinLike<A, B, R>): IntervalJoinSpec {
    return {
      kind: 'intervalJoin',
      ...bindFunction(joiner, 'processElement', 'process'),
      // Times are whole milliseconds, so an exclusive bound is an inclusive one a millisecond further in.
      lowerBoundMs: this.#lowerMs + (this.#lowerExclusive ? 1 : 0),
      upperBoundMs: this.#upperMs - (this.#upperExclusive ? 1 : 0),
      leftLateTag: this.#leftLateTag,
      rightLateTag: this.#rightLateTag,
    };
  }
}
