// Counts the short words of a text in windows of 5 seconds; words of more than 5 letters go to a side output.
//   yeoul run examples/flink/side-output.ts [--input PATH] [--output PATH --rejected-words-output PATH]
import {
  type Collector,
  OutputTag,
  ParameterTool,
  type ProcessContext,
  ProcessFunction,
  type Program,
  Time,
  TimeCharacteristic,
  TumblingEventTimeWindows,
} from 'yeoul';
import 'yeoul/connectors/files';
import { WORDS } from '../word-count/word-count-data.ts';
import type { WordWithCount } from './word-count.ts';

const rejectedWordsTag = new OutputTag<string>('rejected');

export const SideOutputExample: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  env.setStreamTimeCharacteristic(TimeCharacteristic.IngestionTime);
  env.getConfig().setGlobalJobParameters(params);

  const input = params.get('input');
  const text = input === undefined ? env.fromElements(...WORDS) : env.readTextFile(input);

  const tokenized = text.keyBy(() => 0).process(new Tokenizer());

  const rejectedWords = tokenized.getSideOutput(rejectedWordsTag).map((word) => `rejected: ${word}`);

  const counts = tokenized
    .keyBy(0)
    .window(TumblingEventTimeWindows.of(Time.seconds(5)))
    .sum(1);

  const output = params.get('output');
  if (output === undefined) {
    counts.print();
    rejectedWords.print();
  } else {
    counts.writeAsText(output);
    rejectedWords.writeAsText(params.getRequired('rejected-words-output'));
  }

  await env.execute('Streaming WordCount SideOutput');
};

export default SideOutputExample;

class Tokenizer extends ProcessFunction<string, WordWithCount> {
  override processElement(line: string, context: ProcessContext, out: Collector<WordWithCount>): void {
    for (const word of line.toLowerCase().split(/\W+/)) {
      if (word.length > 5) context.output(rejectedWordsTag, word);
      else if (word.length > 0) out.collect([word, 1]);
    }
  }
}
