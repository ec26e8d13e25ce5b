// Counts words as they come: the streaming WordCount that ships with Flink. Every word prints its count so far.
//   --input PATH   text file, or directory of text files; default: a few lines of Shakespeare
import { ParameterTool, StreamExecutionEnvironment } from 'yeoul';
import 'yeoul/connectors/files';
import { tokenize } from './tokenize.ts';
import { WORDS } from './word-count-data.ts';

export const StreamingWordCount = {
  async main(_env: unknown, args: readonly string[]): Promise<void> {
    const params = ParameterTool.fromArgs(args);
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.getConfig().setGlobalJobParameters(params);

    const input = params.get('input');
    const text = input === undefined ? env.fromElements(...WORDS) : env.readTextFile(input);
    text
      .flatMap(tokenize)
      .keyBy(([word]) => word)
      .sum(1)
      .print();
    await env.execute('Streaming WordCount');
  },
};

export default StreamingWordCount;
