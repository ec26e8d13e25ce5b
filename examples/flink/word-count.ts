// Counts words as they come: every word is printed with its count so far.
//   yeoul run examples/flink/word-count.ts [--input PATH] [--output PATH]
import { type Collector, type FlatMapFunction, ParameterTool, type Program } from 'yeoul';
import 'yeoul/connectors/files';
import { WORDS } from '../word-count/word-count-data.ts';

export type WordWithCount = [word: string, count: number];

export const WordCount: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  env.getConfig().setGlobalJobParameters(params);

  const input = params.get('input');
  const text = input === undefined ? env.fromElements(...WORDS) : env.readTextFile(input);

  const counts = text.flatMap(new Tokenizer()).keyBy(0).sum(1);

  const output = params.get('output');
  if (output === undefined) counts.print();
  else counts.writeAsText(output);

  await env.execute('Streaming WordCount');
};

export default WordCount;

/** [word, 1] for each word of a line, in lower case. */
export class Tokenizer implements FlatMapFunction<string, WordWithCount> {
  flatMap(line: string, out: Collector<WordWithCount>): void {
    for (const word of line.toLowerCase().split(/\W+/)) {
      if (word.length > 0) out.collect([word, 1]);
    }
  }
}
