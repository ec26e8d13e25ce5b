// A random program through random failures: every stream of it holds in the end what plain code says that it holds, once.
import { RestartStrategies, type StreamExecutionEnvironment } from '@yeoul/engine';
import { FaultPlan, SeededRandom, TestCluster } from '@yeoul/testing';
import { expect } from 'vitest';
import { CheckTime, type RandomProgram, type Rec, randomProgram } from './random-programs.ts';
import { TransactionalStore } from './transactional-store.ts';

class ProgramRun {
  readonly stores: readonly TransactionalStore<Rec>[];
  readonly wrongTimes: string[] = [];
  /** Of the job that runs now; undefined: the cluster's. */
  parallelism: number | undefined;
  readonly #made: RandomProgram;
  readonly #faults: FaultPlan;
  readonly #random: SeededRandom;

  constructor(made: RandomProgram, faults: FaultPlan, random: SeededRandom) {
    this.#made = made;
    this.#faults = faults;
    this.#random = random;
    this.stores = made.expected.map(() => new TransactionalStore<Rec>());
  }

  readonly program = async (env: StreamExecutionEnvironment): Promise<void> => {
    env.enableCheckpointing(10);
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(40, 1));
    env.getConfig().setAutoWatermarkInterval(1);
    const step = () => this.#faults.step();
    this.#made.build({ env, step, random: this.#random }).forEach((stream, i) => {
      stream
        .process(new CheckTime(this.wrongTimes))
        .uid(`check ${i}`)
        .addSink((this.stores[i] as TransactionalStore<Rec>).sink())
        .uid(`sink ${i}`);
    });
    await env.execute('random');
  };

  problems(): unknown[] {
    const streams = this.stores.flatMap(({ violations, committed }, i) => {
      const difference = differenceOf(committed, this.#made.expected[i] as readonly Rec[]);
      return violations.length === 0 && difference.length === 0 ? [] : [{ stream: i, violations, difference }];
    });
    return this.wrongTimes.length === 0 ? streams : [...streams, { wrongTimes: this.wrongTimes.slice(0, 5) }];
  }
}

/** Records with how often more (or less) they came than they should. */
function differenceOf(actual: readonly Rec[], expected: readonly Rec[]): unknown[] {
  const counts = new Map<string, number>();
  const count = (record: Rec, by: number) => {
    const key = `${record.k},${record.v},${record.t}`;
    counts.set(key, (counts.get(key) ?? 0) + by);
  };
  for (const record of actual) count(record, 1);
  for (const record of expected) count(record, -1);
  return [...counts].filter(([, times]) => times !== 0);
}

/** What happens to the job from outside while it runs. */
async function disturb(cluster: TestCluster, run: ProgramRun, jobId: string, random: SeededRandom): Promise<string> {
  const isOver = () => cluster.detail(jobId).state === 'FINISHED';
  await cluster.until('it runs', () => isOver() || cluster.detail(jobId).state === 'RUNNING');
  await new Promise((resolve) => setTimeout(resolve, random.below(40)));
  const kind = random.below(4);
  if (kind === 0) cluster.crashSlot(cluster.liveSlots()[random.below(3)] ?? 0);
  if (kind === 1) {
    cluster.crash();
    await cluster.reopen();
  }
  if (kind !== 2) return jobId;
  const savepointPath = await cluster.stop(jobId, {}).catch(() => undefined);
  // It ended, or failed in the middle of the stop.
  if (savepointPath === undefined) return jobId;
  await cluster.until('it has stopped', isOver);
  return resume(cluster, run, savepointPath, 1 + random.below(3));
}

/** At another parallelism, unless that would chain tasks that had ended with others that had not. */
async function resume(cluster: TestCluster, run: ProgramRun, savepointPath: string, other: number): Promise<string> {
  const submit = (parallelism: number | undefined): Promise<string> =>
    cluster.submit(run.program, { savepointPath, ...(parallelism === undefined ? {} : { parallelism }) });
  try {
    const jobId = await submit(other);
    run.parallelism = other;
    return jobId;
  } catch (error) {
    if ((error as { code?: string }).code !== 'MIXED_FINISHED_STATE') throw error;
    return submit(run.parallelism);
  }
}

/** @throws with the seed, and what differs from what is expected */
export async function runRandomProgram(seed: number): Promise<void> {
  const random = new SeededRandom(seed);
  const made = randomProgram(random);
  const throwAt = Array.from({ length: random.below(3) }, () => 1 + random.below(300));
  const run = new ProgramRun(made, new FaultPlan(throwAt), new SeededRandom(seed + 1));
  const stateBackend = random.below(3) === 0 ? 'disk' : 'heap';
  const parallelism = 1 + random.below(3);
  await using cluster = await TestCluster.open({
    seed,
    parallelism,
    stateBackend,
    jitterTurns: random.below(3),
    ...(random.below(2) === 0 ? { ring: { segments: 4, segmentBytes: 256 } } : {}),
  });
  let jobId = await cluster.submit(run.program);
  for (let round = random.below(4); round > 0; round--) jobId = await disturb(cluster, run, jobId, random);
  await cluster.until('it ends', () => ['FINISHED', 'FAILED', 'SUSPENDED'].includes(cluster.detail(jobId).state));
  const { state, exceptions } = cluster.detail(jobId);
  const said = `seed ${seed}, parallelism ${parallelism}, ${stateBackend}\n${made.description}`;
  expect({ state, problems: run.problems() }, `${said}\n${exceptions.root?.stackTrace}`).toEqual({
    state: 'FINISHED',
    problems: [],
  });
}
