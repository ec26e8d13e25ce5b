import { type Program, Types } from 'yeoul';

/** Over at once. */
export const short: Program = async (env) => {
  env.fromCollection([1, 2, 3], Types.int).print();
  await env.execute('Short');
};
