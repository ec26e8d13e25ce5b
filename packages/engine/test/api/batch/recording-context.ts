// A program context that keeps the graphs it is given.
import { ExecutionEnvironment } from '../../../src/api/batch/execution-environment.ts';
import type { JobExecutionResultSource, ProgramContext, SubmittedJob } from '../../../src/api/program-context.ts';
import type { JobGraph } from '../../../src/graph/job-graph.ts';

export interface RecordingContext extends ProgramContext {
  readonly graphs: JobGraph[];
  readonly printed: string[];
}

/** @param execute runs a graph; default: nothing happens and there are no results */
export function recordingContext(
  parallelism: number,
  execute: (graph: JobGraph) => Promise<Readonly<Record<string, unknown>>> = () => Promise.resolve({}),
): RecordingContext {
  const graphs: JobGraph[] = [];
  const printed: string[] = [];
  return {
    graphs,
    printed,
    defaults: { parallelism },
    submittedAtMs: Date.UTC(2019, 11, 26, 3, 59, 55),
    callSite: () => 'main(job.ts:3)',
    print: (text) => printed.push(text),
    async execute(graph): Promise<JobExecutionResultSource> {
      graphs.push(graph);
      return { jobId: 'job', netRuntimeMs: 1, accumulators: await execute(graph) };
    },
    submit: (): Promise<SubmittedJob> => Promise.reject(new Error('not used')),
    collect: () => Promise.reject(new Error('not used')),
  };
}

/** The graph of the last job that `build` executes. */
export async function graphOf(
  build: (env: ExecutionEnvironment) => unknown | Promise<unknown>,
  parallelism = 1,
): Promise<JobGraph> {
  const context = recordingContext(parallelism);
  await build(new ExecutionEnvironment(context));
  const graph = context.graphs.at(-1);
  if (!graph) throw new Error('nothing was executed');
  return graph;
}
