// ConnectedStreams: two streams of different types that share an operator and its state.
import type { OperatorSpec } from '../../graph/operator-spec.ts';
import type { KeySpec } from '../../graph/transformation.ts';
import { bindFunction, bindOptional } from '../function-binding.ts';
import type { CoProcessFunction, KeyedCoProcessFunction } from '../process-functions.ts';
import { KeyedCoProcessFunction as KeyedCoProcessFunctionClass } from '../process-functions.ts';
import type { TypeInformation } from '../type-information.ts';
import type { CoFlatMapFunction, CoMapFunction, KeySelectorLike } from '../user-functions.ts';
import { type DataStream, type FieldOf, SingleOutputStreamOperator } from './data-stream.ts';
import { KeyedStream } from './keyed-stream.ts';

export type CoProcessLike<A, B, R> =
  | Pick<CoProcessFunction<A, B, R>, 'processElement1' | 'processElement2'>
  | Pick<KeyedCoProcessFunction<never, A, B, R>, 'processElement1' | 'processElement2'>;

export class ConnectedStreams<A, B> {
  readonly #first: DataStream<A>;
  readonly #second: DataStream<B>;

  constructor(first: DataStream<A>, second: DataStream<B>) {
    this.#first = first;
    this.#second = second;
  }

  getFirstInput(): DataStream<A> {
    return this.#first;
  }

  getSecondInput(): DataStream<B> {
    return this.#second;
  }

  /** Keys both streams; records with equal keys meet in one subtask and share keyed state. */
  keyBy<K>(
    first: KeySelectorLike<A, K>,
    second: KeySelectorLike<B, K>,
    keyType?: TypeInformation<K>,
  ): ConnectedStreams<A, B>;
  keyBy(first: FieldOf<A>, second: FieldOf<B>): ConnectedStreams<A, B>;
  keyBy(first: unknown, second: unknown, keyType?: TypeInformation): ConnectedStreams<A, B> {
    return new ConnectedStreams<A, B>(keyed(this.#first, first, keyType), keyed(this.#second, second, keyType));
  }

  map<R>(mapper: CoMapFunction<A, B, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R>;
  map<R>(map1: (value: A) => R, map2: (value: B) => R, type?: TypeInformation<R>): SingleOutputStreamOperator<R>;
  map<R>(first: unknown, second?: unknown, third?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const [fn1, fn2, rich, type] = pair<R>(first, second, third, 'map');
    return this.#twoInputs('Co-Map', { kind: 'coMap', fn1, fn2, rich } as OperatorSpec, type);
  }

  flatMap<R>(mapper: CoFlatMapFunction<A, B, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const [fn1, fn2, rich] = pair<R>(mapper, undefined, undefined, 'flatMap');
    return this.#twoInputs('Co-Flat Map', { kind: 'coFlatMap', fn1, fn2, rich } as OperatorSpec, type);
  }

  process<R>(processor: CoProcessLike<A, B, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const [fn1, fn2, rich] = pair<R>(processor, undefined, undefined, 'processElement');
    const onTimer = bindOptional(processor, 'onTimer');
    const keyed = this.#keys().every((key) => key !== undefined);
    const name = processor instanceof KeyedCoProcessFunctionClass ? 'Co-Keyed-Process' : 'Co-Process';
    return this.#twoInputs(name, { kind: 'coProcess', keyed, fn1, fn2, onTimer, rich } as OperatorSpec, type);
  }

  #keys(): (KeySpec | undefined)[] {
    const keys = [this.#first, this.#second].map((stream) =>
      stream instanceof KeyedStream ? stream.getKey() : undefined,
    );
    // State and timers need a key on both sides, as in Flink.
    return keys.every((key) => key !== undefined) ? keys : [undefined, undefined];
  }

  #twoInputs<R>(
    name: string,
    operator: OperatorSpec,
    type: TypeInformation<R> | undefined,
  ): SingleOutputStreamOperator<R> {
    const environment = this.#first.getExecutionEnvironment();
    const transformation = environment.builder.addOperator({
      name,
      operator,
      inputs: [this.#first.getTransformation(), this.#second.getTransformation()],
      keys: this.#keys(),
      outputType: type,
      parallelism: environment.getParallelism(),
    });
    return new SingleOutputStreamOperator<R>(environment, transformation);
  }
}

/** By a selector, or by the name of a field. */
function keyed<T>(stream: DataStream<T>, given: unknown, keyType: TypeInformation | undefined): DataStream<T> {
  if (keyType === undefined) return stream.keyBy(given as FieldOf<T>);
  return stream.keyBy(given as KeySelectorLike<T, unknown>, keyType);
}

/** Two plain functions, or an object with the methods `${method}1` and `${method}2`. */
function pair<R>(
  first: unknown,
  second: unknown,
  third: TypeInformation<R> | undefined,
  method: string,
): [fn1: unknown, fn2: unknown, rich: unknown, type: TypeInformation<R> | undefined] {
  if (typeof first === 'function') {
    const { fn } = bindFunction(second, `${method}2`, method);
    return [first, fn, undefined, third];
  }
  const one = bindFunction(first, `${method}1`, method);
  const two = bindFunction(first, `${method}2`, method);
  return [one.fn, two.fn, one.rich, second as TypeInformation<R> | undefined];
}
