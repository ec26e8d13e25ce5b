// Counts the words of a text: the batch WordCount that ships with Flink.
//   --input PATH    text file, or directory of text files; default: a few lines of Shakespeare
//   --output PATH   where the counts are written, "word count" per line; default: they are printed as (word,count)
import { ExecutionEnvironment, ParameterTool } from 'yeoul';
import 'yeoul/connectors/files';
import { tokenize } from './tokenize.ts';
import { getDefaultTextLineDataSet } from './word-count-data.ts';

export const WordCount = {
  async main(_env: unknown, args: readonly string[]): Promise<void> {
    const params = ParameterTool.fromArgs(args);
    const env = ExecutionEnvironment.getExecutionEnvironment();
    env.getConfig().setGlobalJobParameters(params);

    const input = params.get('input');
    const text = input === undefined ? getDefaultTextLineDataSet(env) : env.readTextFile(input);
    const counts = text.flatMap(tokenize).groupBy(0).sum(1);

    const output = params.get('output');
    if (output === undefined) {
      await counts.print();
      return;
    }
    counts.writeAsCsv(output, { rowDelimiter: '\n', fieldDelimiter: ' ' });
    await env.execute('WordCount Example');
  },
};

export default WordCount;
