// Counts the words of messages in English, as they come: messages are JSON texts with a user and a text.
//   yeoul run examples/flink/twitter.ts [--input PATH of JSON lines] [--output PATH]
import { type Collector, type FlatMapFunction, ParameterTool, type Program } from 'yeoul';
import 'yeoul/connectors/files';
import type { WordWithCount } from './word-count.ts';

const TEXTS: readonly string[] = [
  { text: 'Rivers run past the old mill', user: { name: 'a', lang: 'en' } },
  { text: 'Der Fluss und die Stadt', user: { name: 'b', lang: 'de' } },
  { text: 'the mill and  the rapids', user: { name: 'c', lang: 'en' } },
  { delete: { status: 'gone' } },
].map((message) => JSON.stringify(message));

export const TwitterExample: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  env.getConfig().setGlobalJobParameters(params);
  env.setParallelism(params.getInt('parallelism', 1));

  const input = params.get('input');
  const streamSource = input === undefined ? env.fromElements(...TEXTS) : env.readTextFile(input);

  const tweets = streamSource.flatMap(new SelectEnglishAndTokenizeFlatMap()).keyBy(0).sum(1);

  const output = params.get('output');
  if (output === undefined) tweets.print();
  else tweets.writeAsText(output);

  await env.execute('Twitter Streaming Example');
};

export default TwitterExample;

interface Message {
  readonly text?: string;
  readonly user?: { readonly lang?: string };
}

class SelectEnglishAndTokenizeFlatMap implements FlatMapFunction<string, WordWithCount> {
  flatMap(json: string, out: Collector<WordWithCount>): void {
    const { text, user } = JSON.parse(json) as Message;
    if (user?.lang !== 'en' || text === undefined) return;
    for (const word of text.toLowerCase().split(/\s+/)) {
      if (word.length > 0) out.collect([word, 1]);
    }
  }
}
