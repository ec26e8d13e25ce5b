// Runs programs in the driver and turns their execute() calls into jobs. A program may execute several, one after the other; each sees the
// results of those before it. After a restart of the process the program runs again from its start: jobs that had ended answer from their
// stored results, the one that was running is joined, and the program goes on from there. Values that it collected before are gone: a program
// never gets a part of them as if it were the whole.

import type { JobRequest } from '../../api/program-context.ts';
import { appError, toError } from '../../errors.ts';
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import type { ExecuteListener, JobExecutionResultData, ProgramDescriptor } from '../messages.ts';
import type { ProgramDriver } from './local-cluster-options.ts';
import { ProgramExecution } from './program-execution.ts';

export interface ProgramRun {
  /** The descriptor of execute number 0; later ones differ in executeIndex and earlierResults. */
  readonly program: ProgramDescriptor;
  /** Submits execute number `program.executeIndex`. @returns job id */
  readonly submit: (graph: JobGraphDescription, program: ProgramDescriptor) => Promise<string>;
  readonly awaitResult: (jobId: string) => Promise<JobExecutionResultData>;
  /** Values of the job's collect sinks, in order. @returns takes it back */
  readonly onCollected: (jobId: string, listener: (values: readonly unknown[]) => void) => () => void;
  readonly cancel: (jobId: string) => Promise<void>;
  readonly status: (jobId: string) => string;
  readonly ask: (jobId: string, request: JobRequest) => Promise<unknown>;
  /** Text the program prints; `jobId` is its newest job. */
  readonly print?: (jobId: string, text: string, stream: 'stdout' | 'stderr') => void;
  /** Ends the program while it has executed no job. */
  readonly untilAccepted?: AbortSignal | undefined;
  /** The job that was running when the process ended. */
  readonly resumed:
    | {
        readonly jobId: string;
        readonly executeIndex: number;
        readonly earlierResults: readonly JobExecutionResultData[];
        /** It goes on from a checkpoint of its own: what it did before is not done again. */
        readonly fromCheckpoint: boolean;
      }
    | undefined;
}

export class ProgramRunner {
  readonly #driver: ProgramDriver;
  readonly #abort = new AbortController();
  readonly #running = new Map<ProgramExecution, Promise<void>>();
  readonly #onFailed: (message: string, error: unknown) => void;

  /** @param onFailed for the log: who waits for the execution hears of it there. Not called for programs that are ended by close */
  constructor(driver: ProgramDriver, onFailed: (message: string, error: unknown) => void) {
    this.#driver = driver;
    this.#onFailed = onFailed;
  }

  /** Programs that have not ended, oldest first. */
  get executions(): readonly ProgramExecution[] {
    return [...this.#running.keys()];
  }

  /** Resolves once the first job is accepted. @throws NO_JOB_EXECUTED, and what the program throws before its first execute() */
  async start(run: ProgramRun): Promise<ProgramExecution> {
    const execution = new ProgramExecution();
    const ended = this.#run(run, execution).then(
      () => execution.end(),
      (error: unknown) => {
        execution.end(toError(error));
        if (!this.#abort.signal.aborted) this.#onFailed(`Program ${run.program.entry} ended with an error`, error);
      },
    );
    this.#running.set(execution, ended);
    void ended.finally(() => this.#running.delete(execution));
    if ((await execution.job(0)) !== undefined) return execution;
    await execution.ended;
    throw appError('NO_JOB_EXECUTED', [run.program.entry]);
  }

  /** Ends all programs; their jobs are not touched. */
  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#running.values());
  }

  #run(run: ProgramRun, execution: ProgramExecution): Promise<void> {
    const results: JobExecutionResultData[] = [...(run.resumed?.earlierResults ?? [])];
    const onExecute = async (
      graph: JobGraphDescription,
      executeIndex: number,
      listener?: ExecuteListener,
    ): Promise<JobExecutionResultData> => {
      const known = results[executeIndex];
      if (known !== undefined && known.unfinished !== true) return answerFrom(known, listener);
      const isResumed = run.resumed?.executeIndex === executeIndex;
      const joined = isResumed ? run.resumed.jobId : known?.jobId;
      if (joined !== undefined && graph.collects === true && (!isResumed || run.resumed.fromCheckpoint))
        throw appError('COLLECT_INTERRUPTED', [joined]);
      const jobId =
        joined ?? (await run.submit(graph, { ...run.program, executeIndex, earlierResults: results.map(copyOf) }));
      execution.addJob(jobId);
      const collected: unknown[] = [];
      results[executeIndex] = { jobId, netRuntimeMs: 0, accumulators: {}, collected, unfinished: true };
      const result = await this.#follow(run, jobId, collected, listener);
      results[executeIndex] = result;
      return result;
    };
    const { cancel, status, ask } = run;
    const print = (text: string, stream: 'stdout' | 'stderr'): void =>
      run.print?.(execution.jobIds.at(-1) ?? '', text, stream);
    return this.#driver.run(run.program, { onExecute, cancel, status, ask, print }, this.#signalOf(run, execution));
  }

  #signalOf({ untilAccepted }: ProgramRun, execution: ProgramExecution): AbortSignal {
    if (untilAccepted === undefined) return this.#abort.signal;
    const tooLate = new AbortController();
    const end = () => {
      if (execution.jobIds.length === 0) tooLate.abort(untilAccepted.reason);
    };
    untilAccepted.addEventListener('abort', end, { once: true });
    return AbortSignal.any([this.#abort.signal, tooLate.signal]);
  }

  /** Collected values are kept with the result: slots answer later executions of the program with them. */
  async #follow(
    run: ProgramRun,
    jobId: string,
    collected: unknown[],
    listener: ExecuteListener | undefined,
  ): Promise<JobExecutionResultData> {
    const unsubscribe = run.onCollected(jobId, (values) => {
      collected.push(...values);
      listener?.onCollected(values);
    });
    listener?.onAccepted(jobId);
    try {
      const result = await run.awaitResult(jobId);
      return collected.length === 0 ? result : { ...result, collected };
    } finally {
      unsubscribe();
    }
  }
}

/** What the program heard when the job ran. */
function answerFrom(result: JobExecutionResultData, listener: ExecuteListener | undefined): JobExecutionResultData {
  listener?.onAccepted(result.jobId);
  if (result.collected !== undefined) listener?.onCollected(result.collected);
  return result;
}

/** As it is now: a job that is still running collects more. */
function copyOf(result: JobExecutionResultData): JobExecutionResultData {
  return result.collected === undefined ? result : { ...result, collected: [...result.collected] };
}
