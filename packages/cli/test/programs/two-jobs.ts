import type { Program } from 'yeoul';

const twoJobs: Program = async (env) => {
  console.log('begin');
  env
    .fromElements(1, 2)
    .map((x) => x * 10)
    .print();
  await env.execute('one');
  console.error('between');
  env
    .fromElements(3, 4)
    .map((x) => {
      console.log(`seen ${x}`);
      return x * 10;
    })
    .print();
  await env.execute('two');
  console.log('end');
};

export default twoJobs;
