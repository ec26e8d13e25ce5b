// Batch programs executed in the test's own thread.
import { ExecutionEnvironment } from '../../../src/api/batch/execution-environment.ts';
import type { JobGraph } from '../../../src/graph/job-graph.ts';
import { type BatchRun, runBatchGraph } from '../../runtime/batch/run-batch-graph.ts';
import { type RecordingContext, recordingContext } from './recording-context.ts';

export interface LocalBatch {
  readonly env: ExecutionEnvironment;
  readonly context: RecordingContext;
  /** Of every job executed so far. */
  readonly runs: readonly BatchRun[];
}

export function localBatch(parallelism: number): LocalBatch {
  const runs: BatchRun[] = [];
  const execute = async (graph: JobGraph): Promise<Readonly<Record<string, unknown>>> => {
    const run = await runBatchGraph(graph);
    runs.push(run);
    return run.accumulators;
  };
  const context = recordingContext(parallelism, execute);
  return { env: new ExecutionEnvironment(context), context, runs };
}
