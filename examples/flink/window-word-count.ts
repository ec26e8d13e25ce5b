// Counts each word over its last `window` occurrences, once every `slide` of them.
//   yeoul run examples/flink/window-word-count.ts [--window 10] [--slide 5] [--input PATH] [--output PATH]
import { ParameterTool, type Program } from 'yeoul';
import 'yeoul/connectors/files';
import { WORDS } from '../word-count/word-count-data.ts';
import { Tokenizer } from './word-count.ts';

export const WindowWordCount: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);

  const input = params.get('input');
  const text = input === undefined ? env.fromElements(...WORDS) : env.readTextFile(input);

  env.getConfig().setGlobalJobParameters(params);
  const windowSize = params.getInt('window', 10);
  const slideSize = params.getInt('slide', 5);

  const counts = text.flatMap(new Tokenizer()).keyBy(0).countWindow(windowSize, slideSize).sum(1);

  const output = params.get('output');
  if (output === undefined) counts.print();
  else counts.writeAsText(output);

  await env.execute('WindowWordCount');
};

export default WindowWordCount;
