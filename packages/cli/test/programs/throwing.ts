import type { Program } from 'yeoul';

function convert(value: number): number {
  if (value === 3) throw new TypeError(`cannot convert ${value}`);
  return value;
}

const throwing: Program = async (env) => {
  env
    .fromElements(1, 2, 3)
    .map((value) => convert(value))
    .print();
  await env.execute('Throwing');
};

export default throwing;

export const inMain: Program = () => {
  throw new Error('no configuration');
};
