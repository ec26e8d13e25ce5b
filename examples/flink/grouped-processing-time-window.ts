// Counts elements per key in sliding windows of processing time, as fast as it goes: a load generator more than a job.
//   yeoul run examples/flink/grouped-processing-time-window.ts [--elements 20000000] [--keys 10000]
import {
  ParameterTool,
  type Program,
  type ReduceFunction,
  RichParallelSourceFunction,
  type SinkFunction,
  SlidingProcessingTimeWindows,
  type SourceContext,
  Time,
} from 'yeoul';

type KeyWithCount = [key: number, count: number];

export const GroupedProcessingTimeWindowExample: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  env.setParallelism(4);

  const stream = env.addSource(new DataSource(params.getLong('elements', 20_000_000), params.getLong('keys', 10_000)));

  stream
    .keyBy(0)
    .window(SlidingProcessingTimeWindows.of(Time.milliseconds(2500), Time.milliseconds(500)))
    .reduce(new SummingReducer())
    .addSink(new NothingSink());

  await env.execute();
};

export default GroupedProcessingTimeWindowExample;

class SummingReducer implements ReduceFunction<KeyWithCount> {
  reduce(a: KeyWithCount, b: KeyWithCount): KeyWithCount {
    return [a[0], a[1] + b[1]];
  }
}

class NothingSink implements SinkFunction<KeyWithCount> {
  invoke(_value: KeyWithCount): void {}
}

/** Each subtask goes through the keys 1..numKeys again and again. */
class DataSource extends RichParallelSourceFunction<KeyWithCount> {
  readonly #numElements: number;
  readonly #numKeys: number;

  constructor(numElements: number, numKeys: number) {
    super();
    this.#numElements = numElements;
    this.#numKeys = numKeys;
  }

  *run(context: SourceContext<KeyWithCount>): Generator<void> {
    let key = 1;
    for (let count = 0; context.isRunning() && count < this.#numElements; count++) {
      context.collect([key++, 1]);
      if (key > this.#numKeys) key = 1;
      yield;
    }
  }
}
