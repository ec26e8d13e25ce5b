import type { Program } from 'yeoul';

const noSink: Program = async (env) => {
  env.fromElements(1, 2).map((x) => x + 1);
  await env.execute('No sink');
};

export default noSink;
