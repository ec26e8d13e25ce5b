// An embedded cluster for tests of whole jobs: everything real but the threads. Programs are functions, slots run on the calling
// thread, and slots, functions and the whole process can be made to fail.
//   TC1. Programs build their streams on the `env` they are given; getExecutionEnvironment() after an await may find another one.
//   TC2. Nothing can interrupt a function that spins: that needs real threads.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Program } from '@yeoul/engine';
import {
  type Clock,
  captureGraph,
  createRing,
  type DurableFiles,
  InProcessSlotLauncher,
  type JobDetailView,
  type JobExecutionResultData,
  LocalCluster,
  type LocalClusterOptions,
  NodeDurableFiles,
  type ProgramDescriptor,
  runEntry,
  SystemClock,
} from '@yeoul/engine/runtime';
import { crashableClock, crashableFiles, Lifetime } from './crashable.ts';
import { InProcessDriver } from './in-process-driver.ts';
import { InjectedFault } from './injected-fault.ts';
import { registeredProgram, registerProgram } from './program-registry.ts';
import { SeededRandom } from './seeded-random.ts';

export interface TestClusterOptions {
  /** Kept after close() when given; default: a temporary one. */
  readonly dataDirectory?: string;
  /** Default 8. */
  readonly slots?: number;
  /** Default parallelism of programs. Default 1. */
  readonly parallelism?: number;
  readonly stateBackend?: 'heap' | 'disk';
  /** Chance of ids and schedules. Default 1. */
  readonly seed?: number;
  /** Longest delay of a slot's turns and messages, in turns of the event loop: more schedules are met, slowly. Default 0. */
  readonly jitterTurns?: number;
  /** Size of channels between slots; default: as in production. */
  readonly ring?: { readonly segments: number; readonly segmentBytes: number };
  readonly clock?: Clock;
  readonly files?: DurableFiles;
  /** Overrides of the cluster's own options. */
  readonly cluster?: Partial<LocalClusterOptions>;
}

export interface TestRunOptions {
  readonly args?: readonly string[];
  readonly parallelism?: number;
  readonly name?: string;
  readonly jobId?: string;
  readonly savepointPath?: string | undefined;
  readonly allowNonRestoredState?: boolean;
}

/** Two looks at a condition are so far apart, ms. */
const LOOK_INTERVAL_MS = 2;
const DEFAULT_WAIT_MS = 20_000;
/** Pids that no process has. */
const FIRST_FAKE_PID = 2 ** 30;

/** Waiting is bounded by real time, whatever clock the cluster runs by. */
const realTime = new SystemClock();

let opened = 0;
const livePids = new Set<number>();

export class TestCluster {
  readonly dataDirectory: string;
  readonly #options: TestClusterOptions;
  readonly #isTemporary: boolean;
  readonly #random: SeededRandom;
  #cluster!: LocalCluster;
  #launcher!: InProcessSlotLauncher;
  #lifetime = new Lifetime();
  #pid = 0;

  private constructor(options: TestClusterOptions, dataDirectory: string) {
    this.#options = options;
    this.dataDirectory = dataDirectory;
    this.#isTemporary = options.dataDirectory === undefined;
    this.#random = new SeededRandom(options.seed ?? 1);
  }

  static async open(options: TestClusterOptions = {}): Promise<TestCluster> {
    const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'yeoul-test-')));
    const cluster = new TestCluster(options, dataDirectory);
    await cluster.reopen();
    return cluster;
  }

  /** The cluster itself, as servers see it. */
  get cluster(): LocalCluster {
    return this.#cluster;
  }

  get random(): SeededRandom {
    return this.#random;
  }

  // --- jobs ---

  /** @returns id of the program's first job, once accepted */
  async submit(program: Program, options: TestRunOptions = {}): Promise<string> {
    const bundlePath = await registerProgram(program, join(this.dataDirectory, 'test-programs'));
    const { args = [], parallelism, ...submit } = options;
    return this.#cluster.submitJob({ ...submit, bundlePath, entry: 'default', args, parallelism });
  }

  /** Runs the program to the end of its first job. @throws when that job fails or is cancelled */
  async run(program: Program, options: TestRunOptions = {}): Promise<JobExecutionResultData> {
    return this.#cluster.awaitResult(await this.submit(program, options));
  }

  /** Ends when the job is RUNNING with all its tasks running (or finished). */
  async awaitRunning(jobId: string): Promise<void> {
    await this.until(`job ${jobId} runs`, () => {
      const { state, vertices } = this.detail(jobId);
      const states = vertices.flatMap(({ subtasks }) => subtasks.map(({ status }) => status));
      return state === 'RUNNING' && states.every((status) => status === 'RUNNING' || status === 'FINISHED');
    });
  }

  /** Ends when `count` checkpoints more than now are complete. */
  async awaitCheckpoints(jobId: string, count: number): Promise<void> {
    const target = this.detail(jobId).checkpoints.counts.completed + count;
    await this.until(`${count} checkpoints`, () => this.detail(jobId).checkpoints.counts.completed >= target);
  }

  detail(jobId: string): JobDetailView {
    return this.#cluster.jobDetail(jobId);
  }

  /** @returns the savepoint's directory. @throws what made it fail */
  savepoint(
    jobId: string,
    options: { readonly cancelJob?: boolean; readonly directory?: string } = {},
  ): Promise<string> {
    return this.#awaitOperation(this.#cluster.triggerSavepoint(jobId, options));
  }

  /** @returns the savepoint's directory, once the job has ended. @throws what made it fail */
  stop(jobId: string, options: { readonly drain?: boolean; readonly directory?: string } = {}): Promise<string> {
    return this.#awaitOperation(this.#cluster.stopWithSavepoint(jobId, options));
  }

  // --- faults ---

  /** Indices of the slots that run now. */
  liveSlots(): readonly number[] {
    return this.#launcher.slots.map(({ slotIndex }) => slotIndex);
  }

  /** The slot ends as if its thread had crashed. @returns false when no such slot runs */
  crashSlot(slotIndex: number): boolean {
    const slot = this.#launcher.slots.find((candidate) => candidate.slotIndex === slotIndex);
    slot?.crash(new InjectedFault(`slot ${slotIndex}`));
    return slot !== undefined;
  }

  /** The process ends as if killed: nothing is closed, nothing more is written. Reopen to go on. */
  crash(): void {
    this.#lifetime.end();
    livePids.delete(this.#pid);
    for (const slot of [...this.#launcher.slots]) slot.crash(new InjectedFault('process'));
  }

  /** Opens the cluster again on the same data directory, after crash() or shutdown(). */
  async reopen(): Promise<void> {
    const { slots = 8, parallelism = 1, stateBackend = 'heap', jitterTurns = 0, ring } = this.#options;
    const lifetime = new Lifetime();
    const clock = crashableClock(this.#options.clock ?? new SystemClock(), lifetime);
    this.#lifetime = lifetime;
    this.#pid = FIRST_FAKE_PID + ++opened;
    livePids.add(this.#pid);
    this.#launcher = new InProcessSlotLauncher({
      clock,
      random: () => this.#random.next(),
      evaluate: evaluateRegistered,
      delayTurns: () => this.#random.below(jitterTurns + 1),
    });
    this.#cluster = await LocalCluster.open({
      dataDirectory: this.dataDirectory,
      slots,
      clock,
      random: this.#random,
      slotLauncher: this.#launcher,
      driver: new InProcessDriver(),
      defaults: { parallelism, stateBackend, checkpointIntervalMs: undefined },
      processes: processesOf(this.#pid),
      engineVersion: 'test',
      savepointsDirectory: join(this.dataDirectory, 'savepoints'),
      files: crashableFiles(this.#options.files ?? new NodeDurableFiles(), lifetime),
      ...(ring === undefined ? {} : { createRing: () => createRing(ring) }),
      ...this.#options.cluster,
    });
  }

  // --- end ---

  /** Ends this life of the cluster in order; jobs are kept. */
  async shutdown(): Promise<void> {
    await this.#cluster.shutdown();
    livePids.delete(this.#pid);
  }

  /** Shuts down and removes the data directory, if it is a temporary one. */
  async close(): Promise<void> {
    if (!this.#lifetime.isOver) await this.shutdown();
    if (this.#isTemporary) await rm(this.dataDirectory, { recursive: true, force: true, maxRetries: 3 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @throws when it did not come true in time */
  async until(what: string, condition: () => boolean, timeoutMs = DEFAULT_WAIT_MS): Promise<void> {
    const deadlineMs = realTime.monotonicMs() + timeoutMs;
    while (!condition()) {
      if (realTime.monotonicMs() > deadlineMs)
        throw new Error(`Waited ${timeoutMs} ms in vain: ${what}\n${this.#describeJobs()}`);
      await wait(LOOK_INTERVAL_MS);
    }
  }

  /** For messages: states of jobs and subtasks, and what was last said of checkpoints and failures. */
  #describeJobs(): string {
    const jobs = this.#cluster.listJobs().map(({ jobId }) => this.detail(jobId));
    return jobs
      .map(({ name, state, restarts, vertices, checkpoints, exceptions }) => {
        const subtasks = vertices.flatMap((v) => v.subtasks.map((s) => `  ${s.taskName}: ${s.status}`));
        const last = checkpoints.history
          .slice(0, 3)
          .map((c) => `  checkpoint ${c.id}: ${JSON.stringify(c).slice(0, 1000)}`);
        return [
          `${name}: ${state}, ${restarts} restarts`,
          ...subtasks,
          ...last,
          `  ${exceptions.root?.stackTrace}`,
        ].join('\n');
      })
      .join('\n');
  }

  async #awaitOperation(trigger: Promise<string>): Promise<string> {
    const triggerId = await trigger;
    const operation = () => this.#cluster.operation(triggerId);
    await this.until(`operation ${triggerId}`, () => operation().status !== 'IN_PROGRESS');
    const { status, location, failure } = operation();
    if (status === 'COMPLETED' && location !== undefined) return location;
    throw Object.assign(new Error(failure?.message ?? 'The operation failed'), { code: failure?.code });
  }
}

function evaluateRegistered(program: ProgramDescriptor) {
  const { bundlePath, args, defaults, parallelism } = program;
  return captureGraph(program, (context) =>
    runEntry(registeredProgram(bundlePath), args, { ...context, defaults, parallelism }),
  );
}

function processesOf(pid: number): LocalClusterOptions['processes'] {
  const identityOf = (one: number) => ({ pid: one, startedAt: String(one) });
  return { self: identityOf(pid), lookup: (one) => (livePids.has(one) ? identityOf(one) : undefined) };
}
