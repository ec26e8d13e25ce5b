// Counts words as they come, in objects instead of tuples.
//   yeoul run examples/flink/pojo.ts [--input PATH] [--output PATH]
import { type Collector, type FlatMapFunction, ParameterTool, type Program } from 'yeoul';
import 'yeoul/connectors/files';
import { WORDS } from '../word-count/word-count-data.ts';

export interface Word {
  readonly word: string;
  readonly frequency: number;
}

export const PojoExample: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  env.getConfig().setGlobalJobParameters(params);

  const input = params.get('input');
  const text = input === undefined ? env.fromElements(...WORDS) : env.readTextFile(input);

  const counts = text.flatMap(new Tokenizer()).keyBy('word').sum('frequency');

  const output = params.get('output');
  if (output === undefined) counts.print();
  else counts.writeAsText(output);

  await env.execute('WordCount Pojo Example');
};

export default PojoExample;

class Tokenizer implements FlatMapFunction<string, Word> {
  flatMap(line: string, out: Collector<Word>): void {
    for (const word of line.toLowerCase().split(/\W+/)) {
      if (word.length > 0) out.collect({ word, frequency: 1 });
    }
  }
}
