// Runs a program's entry against a ProgramContext: in the driver to execute its jobs, in slots to build the same graph again.
import { StreamExecutionEnvironment } from '../../api/environment.ts';
import type { Program } from '../../api/program.ts';
import type { JobRequest, ProgramContext, SubmittedJob } from '../../api/program-context.ts';
import { withEnvironmentContext } from '../../api/program-context.ts';
import { appError } from '../../errors.ts';
import type { JobGraph } from '../../graph/job-graph.ts';
import type { JobExecutionResultData, ProgramDescriptor } from '../messages.ts';
import { CallSites } from './call-sites.ts';
import { findEntry } from './find-entry.ts';
import { type EngineModules, loadProgram } from './load-program.ts';
import { createProgramConsole, type PrintText } from './program-console.ts';

/** Frames kept for call sites: the API's own frames come first. */
const STACK_FRAMES = 30;

/** Loads the program afresh and runs its entry; resolves when the entry returned. */
export async function evaluateProgram(
  program: ProgramDescriptor,
  modules: EngineModules,
  context: Omit<ProgramContext, 'defaults' | 'parallelism' | 'submittedAtMs' | 'callSite'>,
  print: PrintText,
): Promise<void> {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, STACK_FRAMES);
  const entry = findEntry(await loadProgram(program.bundlePath, modules, createProgramConsole(print)), program.entry);
  const callSites = new CallSites(program.bundlePath);
  const complete: ProgramContext = {
    ...context,
    defaults: program.defaults,
    parallelism: program.parallelism,
    submittedAtMs: program.submittedAtMs,
    callSite: (error) => callSites.describe(error.stack ?? ''),
  };
  await runEntry(entry, program.args, complete);
}

export function runEntry(entry: Program, args: readonly string[], context: ProgramContext): Promise<void> {
  return withEnvironmentContext(context, () => entry(StreamExecutionEnvironment.getExecutionEnvironment(), [...args]));
}

/** The slot's evaluation: fresh functions, same graph. What the entry prints meanwhile, the driver has printed: only the functions' output counts. */
export async function evaluateForSlot(
  program: ProgramDescriptor,
  modules: EngineModules,
  print: PrintText,
): Promise<JobGraph> {
  let isEvaluated = false;
  const printLater: PrintText = (stream, text) => {
    if (isEvaluated) print(stream, text);
  };
  const graph = await captureGraph(program, (context) => evaluateProgram(program, modules, context, printLater));
  isEvaluated = true;
  return graph;
}

/**
 * Runs `evaluate` until it executes number `executeIndex`; earlier ones are answered with their results, this one never
 * returns to the program.
 * @throws NO_JOB_EXECUTED when the program ends before
 */
export async function captureGraph(
  program: Pick<ProgramDescriptor, 'executeIndex' | 'earlierResults' | 'entry'>,
  evaluate: (context: Pick<ProgramContext, 'execute' | 'submit' | 'collect' | 'left'>) => Promise<void>,
): Promise<JobGraph> {
  return new Promise((resolve, reject) => {
    let executed = 0;
    let leave = (): void => undefined;
    const left = new Promise<void>((resolveLeft) => {
      leave = resolveLeft;
    });
    const next = async (graph: JobGraph): Promise<JobExecutionResultData> => {
      const index = executed++;
      if (index < program.executeIndex) return program.earlierResults[index] as JobExecutionResultData;
      resolve(graph);
      leave();
      return new Promise<never>(() => undefined);
    };
    const context = {
      left,
      execute: next,
      submit: async (graph: JobGraph) => earlierJob(await next(graph)),
      collect: async (graph: JobGraph) => {
        const result = await next(graph);
        return { job: earlierJob(result), values: toAsync(result.collected ?? []) };
      },
    };
    // In a turn of its own: what follows an earlier execute() need not have been awaited.
    const ended = () => setTimeout(() => reject(appError('NO_JOB_EXECUTED', [program.entry])));
    evaluate(context).then(ended, reject);
  });
}

function earlierJob(result: JobExecutionResultData): SubmittedJob {
  return {
    jobId: result.jobId,
    // Who went on without it did not wait for it either.
    result: result.unfinished ? new Promise(() => undefined) : Promise.resolve(result),
    cancel: async () => undefined,
    status: async () => (result.unfinished ? 'RUNNING' : 'FINISHED'),
    ask: async (request) => earlierAnswer(request, result),
  };
}

/** A slot only builds the graph again: it triggers no savepoint, and cannot know where that of the driver went. */
function earlierAnswer({ kind }: JobRequest, { accumulators }: JobExecutionResultData): unknown {
  return kind === 'accumulators' ? accumulators : '';
}

async function* toAsync(values: readonly unknown[]): AsyncIterable<unknown> {
  yield* values;
}
