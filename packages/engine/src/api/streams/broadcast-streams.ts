// Broadcast state: one stream goes to every subtask and is kept there as state that the other stream reads.
import type { BroadcastProcessSpec } from '../../graph/operator-spec.ts';
import { bindFunction, bindOptional } from '../function-binding.ts';
import type { BroadcastProcessFunction, KeyedBroadcastProcessFunction } from '../process-functions.ts';
import type { MapStateDescriptor } from '../state.ts';
import type { TypeInformation } from '../type-information.ts';
import { type DataStream, SingleOutputStreamOperator } from './data-stream.ts';
import { KeyedStream } from './keyed-stream.ts';

/** A stream with the states it is kept as; other.connect(this).process(…). */
export class BroadcastStream<T> {
  readonly #stream: DataStream<T>;
  readonly #states: readonly MapStateDescriptor<unknown, unknown>[];

  constructor(stream: DataStream<T>, states: readonly MapStateDescriptor<unknown, unknown>[]) {
    this.#stream = stream;
    this.#states = states;
  }

  getStream(): DataStream<T> {
    return this.#stream;
  }

  getBroadcastStateDescriptors(): readonly MapStateDescriptor<unknown, unknown>[] {
    return this.#states;
  }
}

/** On a keyed stream KeyedBroadcastProcessFunction is needed, else BroadcastProcessFunction. */
export type BroadcastProcessLike<A, B, R> =
  | Pick<BroadcastProcessFunction<A, B, R>, 'processElement' | 'processBroadcastElement'>
  | Pick<KeyedBroadcastProcessFunction<never, A, B, R>, 'processElement' | 'processBroadcastElement'>;

export class BroadcastConnectedStream<A, B> {
  readonly #stream: DataStream<A>;
  readonly #broadcast: BroadcastStream<B>;

  constructor(stream: DataStream<A>, broadcast: BroadcastStream<B>) {
    this.#stream = stream;
    this.#broadcast = broadcast;
  }

  process<R>(processor: BroadcastProcessLike<A, B, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const environment = this.#stream.getExecutionEnvironment();
    const key = this.#stream instanceof KeyedStream ? (this.#stream as KeyedStream<A, unknown>).getKey() : undefined;
    const operator = environment.builder.addOperator({
      name: key === undefined ? 'Co-Process-Broadcast' : 'Co-Process-Broadcast-Keyed',
      operator: this.#createSpec(processor, key !== undefined),
      inputs: [this.#stream.getTransformation(), this.#broadcast.getStream().getTransformation()],
      keys: [key, undefined],
      outputType: type,
      parallelism: environment.getParallelism(),
    });
    return new SingleOutputStreamOperator<R>(environment, operator);
  }

  #createSpec<R>(processor: BroadcastProcessLike<A, B, R>, keyed: boolean): BroadcastProcessSpec {
    const broadcast = bindFunction(processor, 'processBroadcastElement', 'process');
    return {
      kind: 'broadcastProcess',
      keyed,
      ...bindFunction(processor, 'processElement', 'process'),
      broadcastFn: broadcast.fn as BroadcastProcessSpec['broadcastFn'],
      broadcastStates: this.#broadcast.getBroadcastStateDescriptors(),
      onTimer: keyed ? bindOptional(processor, 'onTimer') : undefined,
    };
  }
}
