import type { Program } from 'yeoul';

const endless: Program = async (env) => {
  env.enableCheckpointing(50);
  env
    .addSource(async function* (context) {
      for (let i = 0; context.isRunning(); i++) {
        if (i === 0) context.collect('running');
        yield;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })
    .print();
  await env.execute('Endless');
};

export default endless;
