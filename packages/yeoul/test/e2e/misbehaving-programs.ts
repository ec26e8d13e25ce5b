// Programs whose functions misbehave in every way that only real threads survive. Arguments: a folder to leave marks in.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, RestartStrategies, type StreamExecutionEnvironment } from 'yeoul';

const RECORDS = 200;
/** Behind those that are collected: the job is still busy when what was started comes true. */
const MORE_RECORDS = 3_000_000;

/** Misbehaves at the hundredth record, in the first attempt only. */
function onceAtHundred(directory: string, misbehave: () => void): (n: number) => number {
  const mark = join(directory, 'done');
  return (n) => {
    if (n === 100 && !existsSync(mark)) {
      writeFileSync(mark, '');
      misbehave();
    }
    return n;
  };
}

function misbehaving(misbehave: () => void): Program {
  return async (env, [directory = '']) => {
    restarting(env);
    const fn = onceAtHundred(directory, misbehave);
    const numbers = env.fromSequence(1, MORE_RECORDS).map(fn);
    const values = await numbers.filter((n) => n <= RECORDS).executeAndCollect(RECORDS * 10);
    env.fromElements(`distinct ${new Set(values).size}`).print();
    await env.execute('result');
  };
}

function restarting(env: StreamExecutionEnvironment): void {
  env.enableCheckpointing(50).setRestartStrategy(RestartStrategies.fixedDelayRestart(5, 10));
}

export const exits = misbehaving(() => process.exit(7));

export const throwsLater = misbehaving(() => {
  setTimeout(() => {
    throw new Error('thrown in a timer');
  }, 0);
});

export const rejectsUnseen = misbehaving(() => void Promise.reject(new Error('nobody catches this')));

const hoard: unknown[] = [];

export const exhaustsMemory = misbehaving(() => {
  for (;;) hoard.push(new Array(10_000).fill(hoard.length));
});

/** Never ends by itself. */
export const spins: Program = async (env) => {
  env
    .fromSequence(1, RECORDS)
    .map((n) => {
      for (;;) if (n < 0) return n;
    })
    .print();
  await env.execute('spins');
};

export const spinsInMain: Program = () => {
  for (;;);
};

export const exitsInMain: Program = () => {
  process.exit(5);
};

/** Emits without end. */
export const endless: Program = async (env) => {
  restarting(env);
  env
    .fromSequence(1, Number.MAX_SAFE_INTEGER)
    .rebalance()
    .addSink(() => undefined);
  await env.execute('endless');
};

/** A sink that takes a record per millisecond behind a source without end. */
export const slowConsumer: Program = async (env) => {
  restarting(env);
  env
    .fromSequence(1, Number.MAX_SAFE_INTEGER)
    .map((n) => ({ n, text: 'x'.repeat(100) }))
    .keyBy((record) => record.n % 100)
    .addSink(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
    });
  await env.execute('slow consumer');
};
