import type { Program } from '@yeoul/engine';
import { FileSink, JsonLinesEncoder } from '../src/files/index.ts';

const countWords: Program = async (env, [input = 'input.txt', output = 'counts']) => {
  env.enableCheckpointing(1000);
  env
    .readTextFile(input)
    .flatMap((line) => line.split(/\W+/).filter((word) => word !== ''))
    .map((word) => ({ word, count: 1 }))
    .keyBy((entry) => entry.word)
    .reduce((a, b) => ({ word: a.word, count: a.count + b.count }))
    .addSink(FileSink.forRowFormat(output, new JsonLinesEncoder()).build());
  await env.execute('Count words');
};
export default countWords;
