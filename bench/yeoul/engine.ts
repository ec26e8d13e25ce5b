// The one place where the benchmarks meet the engine's own entry: a cluster in this process, its slots in worker threads, and
// exports of programs.ts run on it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { EmbeddedEngine } from '@yeoul/engine/runtime';
import type { Backend, CheckpointFigures } from '../src/protocol.ts';

export interface EngineOptions {
  /** Bundle of programs.ts. */
  readonly programs: string;
  /** Folder of the built package, with the entries of its threads. */
  readonly dist: string;
  readonly parallelism: number;
  readonly backend: Backend;
}

/** How one job went. */
export interface JobFigures {
  readonly netRuntimeMs: number;
  readonly accumulators: Readonly<Record<string, unknown>>;
  readonly checkpoints: CheckpointFigures;
}

/** The engine reports at most this late that a job is RUNNING. */
const POLL_MS = 2;

export class BenchEngine {
  readonly #programs: string;
  readonly #engine: EmbeddedEngine;
  readonly #dataDirectory: string;

  private constructor(programs: string, engine: EmbeddedEngine, dataDirectory: string) {
    this.#programs = programs;
    this.#engine = engine;
    this.#dataDirectory = dataDirectory;
  }

  static async open({ programs, dist, parallelism, backend }: EngineOptions): Promise<BenchEngine> {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'yeoul-bench-'));
    const engine = await EmbeddedEngine.open({
      dataDirectory,
      slots: parallelism,
      slotWorkerUrl: workerUrl(dist, 'slot-worker'),
      driverWorkerUrl: workerUrl(dist, 'driver-worker'),
      warmSlots: parallelism,
      engineVersion: 'bench',
      defaultParallelism: parallelism,
      stateBackend: backend,
    });
    return new BenchEngine(programs, engine, dataDirectory);
  }

  /** Runs an exported program to its end. @param options reach the program as JSON */
  async run(entry: string, options: object): Promise<JobFigures> {
    const jobId = await this.#submit(entry, options);
    const { netRuntimeMs, accumulators } = await this.#engine.cluster.awaitResult(jobId);
    const { counts, history } = this.#engine.cluster.jobDetail(jobId).checkpoints;
    const syncMs = history.flatMap(({ tasks }) =>
      tasks.flatMap((task) => task.subtasks.map((sub) => sub?.syncMs ?? 0)),
    );
    return {
      netRuntimeMs,
      accumulators,
      checkpoints: { completed: counts.completed, maxSyncMs: Math.max(0, ...syncMs) },
    };
  }

  get cluster(): EmbeddedEngine['cluster'] {
    return this.#engine.cluster;
  }

  /** Starts an endless program and comes back with its job's id when that, and every task of it, is RUNNING. */
  async startUntilRunning(entry: string, options: object): Promise<string> {
    const jobId = await this.#submit(entry, options);
    const isRunning = (): boolean => {
      const { state, vertices } = this.#engine.cluster.jobDetail(jobId);
      return state === 'RUNNING' && vertices.every((vertex) => vertex.status === 'RUNNING');
    };
    while (!isRunning()) await delay(POLL_MS);
    return jobId;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.close();
    await rm(this.#dataDirectory, { recursive: true, force: true });
  }

  #submit(entry: string, options: object): Promise<string> {
    return this.#engine.cluster.submitJob({
      bundlePath: this.#programs,
      entry,
      args: [JSON.stringify(options)],
      parallelism: undefined,
    });
  }
}

function workerUrl(dist: string, name: string): URL {
  return pathToFileURL(join(dist, `${name}.js`));
}
