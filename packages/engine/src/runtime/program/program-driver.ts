// Runs programs: starts a driver thread for each and connects its executions with a cluster.
import { Worker } from 'node:worker_threads';
import { appError, toError } from '../../errors.ts';
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import type { JobExecutionResultData, ProgramDescriptor } from '../messages.ts';
import type { DriverStart, FromDriver, ToDriver } from './driver-protocol.ts';
import { deserializeError, serializeError } from './serialize-error.ts';

/** A job that a program started. */
export interface DrivenJob {
  readonly jobId: string;
  readonly result: Promise<JobExecutionResultData>;
  cancel(): Promise<void>;
  status(): string;
}

/** Where a program's executions go: a cluster. */
export interface ProgramHost {
  /**
   * @param program the descriptor for slots: execution number and earlier results filled in
   * @param onCollected gets the values of the collect sink `collectId`, in order
   */
  submit(
    graph: JobGraphDescription,
    program: ProgramDescriptor,
    onCollected: ((values: readonly unknown[]) => void) | undefined,
    collectId: string | undefined,
  ): Promise<DrivenJob>;
}

export interface ProgramRun {
  /** The first job the program executed; rejects when it ends without one. */
  readonly firstJob: Promise<DrivenJob>;
  /** Resolves when the program returned and every job it waited for ended; rejects when it failed. */
  readonly done: Promise<void>;
  /** Ends the evaluation; jobs already accepted go on. */
  terminate(): Promise<void>;
}

export class ProgramDriver {
  readonly #workerUrl: URL;

  /** @param workerUrl entry that calls startDriverWorker */
  constructor(workerUrl: URL) {
    this.#workerUrl = workerUrl;
  }

  run(program: ProgramDescriptor, host: ProgramHost): ProgramRun {
    const start: DriverStart = { program };
    const worker = new Worker(this.#workerUrl, { workerData: start });
    return new RunningProgram(worker, program, host);
  }

  /**
   * The graph that the program would execute first, without running it.
   * @param timeoutMs a program that did not get there by then is ended
   */
  async plan(program: ProgramDescriptor, timeoutMs: number): Promise<JobGraphDescription> {
    let run: ProgramRun | undefined;
    let timeout: NodeJS.Timeout | undefined;
    try {
      return await new Promise<JobGraphDescription>((resolve, reject) => {
        const host: ProgramHost = {
          submit: (graph) => {
            resolve(graph);
            return new Promise<never>(() => undefined);
          },
        };
        run = this.run(program, host);
        run.done.catch(reject);
        run.firstJob.catch(reject);
        timeout = setTimeout(() => reject(appError('PROGRAM_TOO_SLOW', [program.entry, timeoutMs])), timeoutMs);
      });
    } finally {
      clearTimeout(timeout);
      await run?.terminate();
    }
  }
}

class RunningProgram implements ProgramRun {
  readonly firstJob: Promise<DrivenJob>;
  readonly done: Promise<void>;
  readonly #worker: Worker;
  readonly #program: ProgramDescriptor;
  readonly #host: ProgramHost;
  readonly #jobs: DrivenJob[] = [];
  #onFirstJob!: (job: DrivenJob) => void;
  #onFailed!: (error: Error) => void;
  #ended = false;

  constructor(worker: Worker, program: ProgramDescriptor, host: ProgramHost) {
    this.#worker = worker;
    this.#program = program;
    this.#host = host;
    let onDone!: () => void;
    const failed = new Promise<never>((_, reject) => (this.#onFailed = reject));
    this.done = Promise.race([new Promise<void>((resolve) => (onDone = resolve)), failed]);
    this.firstJob = Promise.race([new Promise<DrivenJob>((resolve) => (this.#onFirstJob = resolve)), failed]);
    this.done.catch(() => undefined);
    this.firstJob.catch(() => undefined);
    worker.on('message', (message: FromDriver) => {
      if (message.type === 'done') this.#end(message.jobs, onDone);
      else void this.#onMessage(message);
    });
    worker.on('error', (error) => this.#onFailed(appError('PROGRAM_FAILED', [toError(error).message], { cause: error })));
    worker.on('exit', (code) => {
      if (!this.#ended) this.#onFailed(appError('PROGRAM_EXITED', [code]));
    });
  }

  async terminate(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }

  #end(jobs: number, onDone: () => void): void {
    if (jobs === 0) this.#onFailed(appError('NO_JOB_EXECUTED', [this.#program.entry]));
    onDone();
    void this.terminate();
  }

  async #onMessage(message: Exclude<FromDriver, { type: 'done' }>): Promise<void> {
    switch (message.type) {
      case 'submit':
        await this.#submit(message);
        break;
      case 'cancel':
        await this.#jobs[message.executeIndex]?.cancel();
        break;
      case 'status':
        this.#send({ type: 'status', requestId: message.requestId, status: this.#jobs[message.executeIndex]?.status() ?? 'CREATED' });
        break;
      case 'failed':
        this.#onFailed(deserializeError(message.error));
        await this.terminate();
        break;
    }
  }

  async #submit(message: Extract<FromDriver, { type: 'submit' }>): Promise<void> {
    const { executeIndex, graph, collectId, earlierResults } = message;
    const onCollected = (values: readonly unknown[]) => this.#send({ type: 'collected', executeIndex, values });
    try {
      const program = { ...this.#program, executeIndex, earlierResults };
      const job = await this.#host.submit(graph, program, collectId === undefined ? undefined : onCollected, collectId);
      this.#jobs[executeIndex] = job;
      this.#send({ type: 'accepted', executeIndex, jobId: job.jobId });
      this.#onFirstJob(job);
      await this.#forwardResult(executeIndex, job);
    } catch (error) {
      this.#send({ type: 'rejected', executeIndex, error: serializeError(error) });
    }
  }

  async #forwardResult(executeIndex: number, job: DrivenJob): Promise<void> {
    try {
      this.#send({ type: 'result', executeIndex, result: await job.result });
    } catch (error) {
      this.#send({ type: 'job-failed', executeIndex, error: serializeError(error) });
    }
  }

  #send(message: ToDriver): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }
}
