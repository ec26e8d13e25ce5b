// A source that is always ahead, state of every key, and a sink that takes its time: the program that run-slow-consumer.ts watches.
import { type Program, Types } from 'yeoul';

const KEYS = 10_000;
/** A line of progress every so many records of a sink. */
const PROGRESS_RECORDS = 100;

const Counted = Types.row({ key: Types.int, count: Types.long, text: Types.string });

const slowConsumer: Program = async (env, [sinkDelayMs = '1', checkpointMs = '500']) => {
  env.enableCheckpointing(Number(checkpointMs));
  let written = 0;
  env
    .fromSequence(0, Number.MAX_SAFE_INTEGER)
    // A text that is new every time: no dictionary makes it small.
    .map((n) => ({ key: n % KEYS, count: 1, text: `${n} `.repeat(20) }), Counted)
    .keyBy('key')
    .reduce((a, b) => ({ key: a.key, count: a.count + b.count, text: b.text }))
    .rebalance()
    .addSink(async () => {
      await new Promise((resolve) => setTimeout(resolve, Number(sinkDelayMs)));
      written += 1;
      if (written % PROGRESS_RECORDS === 0) console.log(`written ${PROGRESS_RECORDS}`);
    });
  await env.execute('slow consumer');
};
export default slowConsumer;
