// Lines of a text file, words, and a running sum for each word (in batch mode: its final count).
import {
  type Collector,
  DiscardingOutputFormat,
  ExecutionEnvironment,
  LongCounter,
  RichFlatMapFunction,
  RichMapFunction,
  type RuntimeContext,
  type StreamExecutionEnvironment,
  Types,
} from 'yeoul';
import type { RunOptions } from '../src/protocol.ts';
import { CountingSink } from './counting-sink.ts';

type Counted = [word: string, count: number];

export function buildWordCount(env: StreamExecutionEnvironment, { file }: RunOptions): void {
  env
    .readTextFile(file)
    .flatMap(new Tokenizer())
    .returns(Types.tuple(Types.string, Types.int))
    .keyBy((counted) => counted[0], Types.string)
    .sum(1)
    .addSink(new CountSink());
}

/** Final counts alone: words are combined where they are read, then once more where their key belongs. */
export async function runBatchWordCount({ file, parallelism }: RunOptions): Promise<void> {
  const env = ExecutionEnvironment.getExecutionEnvironment().setParallelism(parallelism);
  env
    .readTextFile(file)
    .flatMap(new Tokenizer())
    .returns<Counted>(Types.tuple(Types.string, Types.int))
    .groupBy(0)
    .sum(1)
    .map(new CountResults())
    .output(new DiscardingOutputFormat());
  await env.execute('wordcount');
}

class Tokenizer extends RichFlatMapFunction<string, Counted> {
  readonly #records = new LongCounter();

  override open(context: RuntimeContext): void {
    context.addAccumulator('records', this.#records);
  }

  flatMap(line: string, out: Collector<Counted>): void {
    for (const word of line.toLowerCase().split(/\W+/)) {
      if (word === '') continue;
      this.#records.add(1);
      out.collect([word, 1]);
    }
  }
}

class CountSink extends CountingSink<Counted> {
  summand([, count]: Counted): number {
    return count;
  }
}

/** What CountSink does; output formats have no accumulators. */
class CountResults extends RichMapFunction<Counted, number> {
  readonly #sink = new CountSink();

  override open(context: RuntimeContext): void {
    this.#sink.open(context);
  }

  map(counted: Counted): number {
    this.#sink.invoke(counted);
    return counted[1];
  }
}
