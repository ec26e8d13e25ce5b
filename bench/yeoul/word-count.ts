// Lines of a text file, words, and a running sum for each word (in batch mode: its final count).
import {
  type Collector,
  LongCounter,
  RichFlatMapFunction,
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
