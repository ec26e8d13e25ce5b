// Endless pairs (name, grade) and (name, salary) at a given rate.
import type { DataStream, StreamExecutionEnvironment } from 'yeoul';

/** Of the grade or the salary, as the stream says. */
export type NameWithValue = [name: string, value: number];

const NAMES = ['tom', 'jerry', 'alice', 'bob', 'john', 'grace'] as const;
const GRADE_COUNT = 5;
const SALARY_MAX = 10_000;

/** @param rate pairs per second */
export function gradesSource(env: StreamExecutionEnvironment, rate: number): DataStream<NameWithValue> {
  return env.fromGenerator(() => throttled(rate, GRADE_COUNT), { name: 'Collection Source' });
}

/** @param rate pairs per second */
export function salariesSource(env: StreamExecutionEnvironment, rate: number): DataStream<NameWithValue> {
  return env.fromGenerator(() => throttled(rate, SALARY_MAX), { name: 'Collection Source' });
}

async function* throttled(rate: number, maxValue: number): AsyncGenerator<NameWithValue> {
  for (;;) {
    yield [NAMES[below(NAMES.length)] as string, below(maxValue) + 1];
    await new Promise((resolve) => setTimeout(resolve, 1000 / rate));
  }
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}
