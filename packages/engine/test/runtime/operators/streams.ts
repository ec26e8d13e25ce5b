// Streams to build operators on: nothing runs, the harness takes the last operator.
import { StreamExecutionEnvironment } from '../../../src/api/environment.ts';
import type { DataStream } from '../../../src/api/streams/data-stream.ts';

const environment = new StreamExecutionEnvironment();

export function streamOf<T>(): DataStream<T> {
  return environment.addSource<T>(() => undefined);
}

/** [key, value] */
export type Pair = readonly [string, number];

export function pairs() {
  return streamOf<Pair>().keyBy((pair) => pair[0]);
}

export const addPairs = (a: Pair, b: Pair): Pair => [a[0], a[1] + b[1]];
