// What a batch environment collects while the program runs: operators in creation order, sinks until the next execution.
import type { BatchOperator, BatchSink } from '../../graph/batch/batch-operator.ts';
import type { JobExecutionResult } from '../job-execution-result.ts';
import type { ProgramContext } from '../program-context.ts';

/** The side of an ExecutionEnvironment that data sets use. */
export interface BatchProgram {
  readonly context: ProgramContext;
  /** Gives the operator its number. */
  add<O extends BatchOperator>(operator: Omit<O, 'id'>): O;
  addSink(sink: Omit<BatchSink, 'id'>): BatchSink;
  /** A name that is the same in every evaluation of the program, 32 hex digits. */
  createResultName(): string;
  execute(jobName?: string): Promise<JobExecutionResult>;
}
