// The program module that every slot loads. The first argument says what to run, as JSON.
import type { StreamExecutionEnvironment } from 'yeoul';
import type { RunOptions } from '../src/protocol.ts';
import { buildEndless } from './endless.ts';
import { buildLatency, type LatencyOptions } from './latency.ts';
import { buildStateMachine } from './state-machine.ts';
import { buildSliding, buildTumbling } from './windows.ts';
import { buildWordCount, runBatchWordCount } from './word-count.ts';

const BUILDERS = {
  statemachine: buildStateMachine,
  windows: buildTumbling,
  sliding: buildSliding,
  wordcount: buildWordCount,
} as const;

export async function benchmark(env: StreamExecutionEnvironment, args: readonly string[]): Promise<void> {
  const options = JSON.parse(args[0] ?? '{}') as RunOptions;
  if (options.batch) return runBatchWordCount(options);
  configure(env, options);
  BUILDERS[options.bench](env, options);
  await env.execute(options.bench);
}

export async function latency(env: StreamExecutionEnvironment, args: readonly string[]): Promise<void> {
  const options = JSON.parse(args[0] ?? '{}') as LatencyOptions;
  configure(env, options);
  buildLatency(env, options);
  await env.execute('latency');
}

export async function endless(env: StreamExecutionEnvironment, args: readonly string[]): Promise<void> {
  configure(env, JSON.parse(args[0] ?? '{}') as { parallelism: number; checkpointMs: number });
  buildEndless(env);
  await env.execute('endless');
}

function configure(env: StreamExecutionEnvironment, options: { parallelism: number; checkpointMs: number }): void {
  env.setParallelism(options.parallelism);
  if (options.checkpointMs > 0) env.enableCheckpointing(options.checkpointMs);
}
