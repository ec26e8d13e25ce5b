// A golden job: one program over generated events and what it must write, whatever happens on the way.
import {
  RestartStrategies,
  type SingleOutputStreamOperator,
  type StreamExecutionEnvironment,
  type TwoPhaseCommitSinkFunction,
  WatermarkStrategy,
} from '@yeoul/engine';
import type { FaultPlan, TestCluster } from '@yeoul/testing';
import { type Gate, PartitionedSource } from './partitioned-source.ts';
import { type StoreSinkOptions, TransactionalStore } from './transactional-store.ts';

export interface Event {
  readonly key: string;
  readonly value: number;
  /** Epoch ms. */
  readonly timeMs: number;
}

export interface GoldenJob {
  readonly name: string;
  build(env: StreamExecutionEnvironment, io: JobIo): void;
  /** What stands in the store in the end, in any order. */
  expected(events: readonly Event[]): readonly unknown[];
}

/** What a job reads from and writes to. */
export interface JobIo {
  /** @param shift makes other events of the same shape: for a second input */
  events(env: StreamExecutionEnvironment, shift?: number): SingleOutputStreamOperator<Event>;
  sink(): TwoPhaseCommitSinkFunction<unknown, string>;
}

export const PARTITIONS = 4;
export const RECORDS_PER_PARTITION = 60;
/** Partitions of one subtask are at most so far apart in event time. */
const OUT_OF_ORDER_MS = 60;

export function eventAt(partition: number, index: number, shift = 0): Event {
  return {
    key: `k${(partition * 31 + index * 7 + shift) % 11}`,
    value: partition * 1000 + index + shift * 100_000,
    timeMs: index * 100 + ((partition * 13 + index * 17) % 50),
  };
}

export function allEvents(shift = 0): Event[] {
  const partitions = Array.from({ length: PARTITIONS }, (_, p) => p);
  return partitions.flatMap((p) => Array.from({ length: RECORDS_PER_PARTITION }, (_, i) => eventAt(p, i, shift)));
}

export interface JobSetup {
  readonly gate?: Gate;
  readonly faults?: FaultPlan;
  readonly sink?: StoreSinkOptions;
  readonly checkpointMs?: number | undefined;
  readonly maxConcurrent?: number;
  readonly chained?: boolean;
}

/** A job with its store: programs of several clusters may write to the one store. */
export class GoldenRun {
  readonly store = new TransactionalStore<unknown>();
  readonly job: GoldenJob;
  readonly #setup: JobSetup;

  constructor(job: GoldenJob, setup: JobSetup) {
    this.job = job;
    this.#setup = setup;
  }

  readonly program = async (env: StreamExecutionEnvironment): Promise<void> => {
    const { checkpointMs, maxConcurrent = 1, chained = true } = this.#setup;
    if (checkpointMs !== undefined) {
      env.enableCheckpointing(checkpointMs);
      env.getCheckpointConfig().setMaxConcurrentCheckpoints(maxConcurrent).setTolerableCheckpointFailureNumber(1000);
      env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1000, 1));
    }
    if (!chained) env.disableOperatorChaining();
    env.getConfig().setAutoWatermarkInterval(1);
    this.job.build(env, {
      events: (e, shift) => this.#events(e, shift),
      sink: () => this.store.sink(this.#setup.sink),
    });
    await env.execute(this.job.name);
  };

  /** @returns what is missing or too much; undefined: all is right */
  problems(): unknown {
    const { violations, committed } = this.store;
    const difference = compareBags(committed, this.job.expected(allEvents()));
    return violations.length === 0 && difference === undefined ? undefined : { violations, ...difference };
  }

  #events(env: StreamExecutionEnvironment, shift = 0): SingleOutputStreamOperator<Event> {
    const { gate, faults } = this.#setup;
    const source = new PartitionedSource<Event>({
      partitions: PARTITIONS,
      recordsPerPartition: () => RECORDS_PER_PARTITION,
      recordAt: (partition, index) => eventAt(partition, index, shift),
      timestampAt: (partition, index) => eventAt(partition, index, shift).timeMs,
      ...(gate ? { gate } : {}),
    });
    const strategy = WatermarkStrategy.forBoundedOutOfOrderness<Event>(OUT_OF_ORDER_MS);
    const events = env.fromSource(source, strategy, `events ${shift}`).uid(`events ${shift}`);
    return faults === undefined ? events : events.map(faults.wrap((event: Event) => event)).uid(`faults ${shift}`);
  }
}

/** Runs to the end of the job, through its failures. @throws when it ends otherwise or not in time */
export async function runToEnd(cluster: TestCluster, run: GoldenRun, jobId: string): Promise<void> {
  await cluster.until(`job ${run.job.name} ends`, () => {
    const { state } = cluster.detail(jobId);
    if (state === 'FAILED' || state === 'CANCELED') {
      throw new Error(`job ended as ${state}: ${cluster.detail(jobId).exceptions.root?.stackTrace}`);
    }
    return state === 'FINISHED';
  });
}

function compareBags(actual: readonly unknown[], expected: readonly unknown[]) {
  const counts = new Map<string, number>();
  for (const value of expected) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  for (const value of actual) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) - 1);
  const missing = [...counts].filter(([, count]) => count > 0);
  const tooMuch = [...counts].filter(([, count]) => count < 0);
  return missing.length + tooMuch.length === 0 ? undefined : { missing, tooMuch };
}

function keyOf(value: unknown): string {
  return JSON.stringify(value);
}
