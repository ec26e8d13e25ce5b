import type { StreamExecutionEnvironment } from 'yeoul';

/** Prints as fast as it can, for ever. */
export default async function main(env: StreamExecutionEnvironment): Promise<void> {
  env
    .fromSequence(1, Number.MAX_SAFE_INTEGER)
    .map((n) => `${'x'.repeat(100)}${n}`)
    .print();
  await env.execute('Printing');
}
