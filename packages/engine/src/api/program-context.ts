// The line between a program being evaluated and whoever evaluates it (driver or slot). Internal: programs do not see it.
import type { CheckpointConfigData, ExecutionDefaults, JobGraph } from '../graph/job-graph.ts';

export interface JobExecutionResultSource {
  readonly jobId: string;
  readonly netRuntimeMs: number;
  /** Accumulator results by name. */
  readonly accumulators: Readonly<Record<string, unknown>>;
}

/** A running job, as executeAsync hands it to the program. */
export interface SubmittedJob {
  readonly jobId: string;
  /** Resolves when the job finished, rejects when it failed or was cancelled. */
  readonly result: Promise<JobExecutionResultSource>;
  cancel(): Promise<void>;
  status(): Promise<string>;
  ask(request: JobRequest): Promise<unknown>;
}

/** What a program may ask of its running job, beside its status. */
export type JobRequest =
  /** Answer: the savepoint's directory. */
  | { readonly kind: 'savepoint'; readonly directory: string | undefined }
  /** Answer: the savepoint's directory, once the job has ended. */
  | { readonly kind: 'stop'; readonly drain: boolean; readonly directory: string | undefined }
  /** Answer: values by name. */
  | { readonly kind: 'accumulators' };

export interface ProgramContext {
  /** Cluster defaults that programs can see; equal for driver and slots. */
  readonly defaults: {
    readonly parallelism: number;
    readonly stateBackend?: 'heap' | 'disk' | undefined;
    readonly checkpointIntervalMs?: number | undefined;
    /** Of jobs that do not say it themselves; the interval is above. */
    readonly checkpointing?: Partial<Omit<CheckpointConfigData, 'intervalMs'>> | undefined;
    readonly execution?: ExecutionDefaults | undefined;
  };
  /** Parallelism given at submission: the environment's default, over defaults.parallelism. */
  readonly parallelism?: number | undefined;
  /** When the program was submitted, epoch ms: part of default job names, so equal for driver and slots. */
  readonly submittedAtMs?: number | undefined;
  /** Runs the graph to its end. In a slot: captures the graph of its own execute() and never settles. */
  execute(graph: JobGraph): Promise<JobExecutionResultSource>;
  /** Starts the graph; resolves once the job is accepted. */
  submit(graph: JobGraph): Promise<SubmittedJob>;
  /** Starts the graph and hands over what its collect sink with this id gets; the iterator's end is the job's end. */
  collect(
    graph: JobGraph,
    collectId: string,
  ): Promise<{ readonly job: SubmittedJob; readonly values: AsyncIterable<unknown> }>;
  /**
   * Where the program called, e.g. "main(word-count.ts:12)", from the stack of `error`; undefined: unknown.
   * Absent: call sites are off and no stacks are made.
   */
  callSite?(error: Error): string | undefined;
  /** Text the program itself prints (DataSet.print): the driver shows it, a slot has none. */
  print?(text: string): void;
  /** Settles when the program is left in its middle, never to go on: a slot's, once its graph is known. */
  readonly left?: Promise<void> | undefined;
}

const stack: ProgramContext[] = [];

/**
 * Runs `fn` with `context` as the one that getExecutionEnvironment() finds, until its promise settles or the context is
 * left. Evaluations of different programs on one thread must not overlap when they are asynchronous.
 */
export async function withEnvironmentContext(context: ProgramContext, fn: () => unknown): Promise<void> {
  stack.push(context);
  try {
    await (context.left === undefined ? fn() : Promise.race([fn(), context.left]));
  } finally {
    stack.splice(stack.lastIndexOf(context), 1);
  }
}

export function currentProgramContext(): ProgramContext | undefined {
  return stack.at(-1);
}
