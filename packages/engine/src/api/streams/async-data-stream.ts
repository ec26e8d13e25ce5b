// Asynchronous I/O on a stream: many requests in flight, results in order or as they come.
import { appError } from '../../errors.ts';
import type { AsyncWaitSpec } from '../../graph/operator-spec.ts';
import { ChainingStrategy } from '../../graph/transformation.ts';
import type { AsyncFunction, ResultFuture } from '../async-function.ts';
import { bindFunction, bindOptional } from '../function-binding.ts';
import { type TimeLike, toMilliseconds } from '../time.ts';
import type { TypeInformation } from '../type-information.ts';
import { type DataStream, SingleOutputStreamOperator } from './data-stream.ts';

/** A function whose promise gives one result, or an AsyncFunction. */
export type AsyncLike<I, O> = ((input: I) => Promise<O>) | AsyncFunction<I, O>;

// 100: Flink's default.
const DEFAULT_CAPACITY = 100;

export const AsyncDataStream = {
  /**
   * Results keep the order of the inputs.
   * @param timeout longest wait for a result, processing time; then AsyncFunction.timeout, or the job fails
   * @param capacity elements in flight at most; more is back-pressure
   */
  orderedWait<I, O>(
    stream: DataStream<I>,
    fn: AsyncLike<I, O>,
    timeout: TimeLike,
    capacity = DEFAULT_CAPACITY,
    type?: TypeInformation<O>,
  ): SingleOutputStreamOperator<O> {
    return addAsyncWait(stream, fn, timeout, capacity, 'ordered', type);
  },

  /** Results come out when they are there; none overtakes a watermark. */
  unorderedWait<I, O>(
    stream: DataStream<I>,
    fn: AsyncLike<I, O>,
    timeout: TimeLike,
    capacity = DEFAULT_CAPACITY,
    type?: TypeInformation<O>,
  ): SingleOutputStreamOperator<O> {
    return addAsyncWait(stream, fn, timeout, capacity, 'unordered', type);
  },
} as const;

function addAsyncWait<I, O>(
  stream: DataStream<I>,
  given: AsyncLike<I, O>,
  timeout: TimeLike,
  capacity: number,
  outputMode: AsyncWaitSpec['outputMode'],
  type: TypeInformation<O> | undefined,
): SingleOutputStreamOperator<O> {
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    throw appError('INVALID_SETTING', ['capacity of async I/O', capacity, 'a whole number of at least 1']);
  }
  const spec = {
    kind: 'asyncWait',
    ...bindFunction(
      typeof given === 'function' ? answering(given) : given,
      'asyncInvoke',
      'async I/O',
      'by promise, too',
    ),
    onTimeout: bindOptional(given, 'timeout', 'by promise, too'),
    outputMode,
    timeoutMs: toMilliseconds(timeout, 'timeout of async I/O', 0),
    capacity,
  } as AsyncWaitSpec;
  // Head of its chain, as in Flink 1.9.
  const more = { outputType: type as TypeInformation | undefined, chaining: ChainingStrategy.Head };
  const operator = stream.addOneInput('async wait operator', spec, more);
  return new SingleOutputStreamOperator<O>(stream.getExecutionEnvironment(), operator);
}

function answering<I, O>(fn: (input: I) => Promise<O>): AsyncFunction<I, O>['asyncInvoke'] {
  return async (input: I, resultFuture: ResultFuture<O>) => {
    resultFuture.complete([await fn(input)]);
  };
}
