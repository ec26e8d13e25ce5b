// What the coordinator answers: plain immutable values, without HTTP. Times are epoch ms, -1 where there is none yet.
import type { CheckpointStatisticsView } from '../../checkpoint/checkpoint-statistics.ts';
import type { CheckpointConfigData, ExecutionConfigData, JobType, JsonPlan } from '../../graph/job-graph.ts';
import type { JobExecutionResultData } from '../messages.ts';
import type { AccumulatorView } from './accumulator-merge.ts';
import type { ExceptionEntry, ExceptionHistoryView } from './exception-history.ts';
import type { ExecutionState, ExecutionStateCounts } from './execution-state.ts';
import type { JobStatus } from './job-status.ts';

export type { AccumulatorView, CheckpointStatisticsView, ExceptionEntry, ExceptionHistoryView };

export interface IoMetricsView {
  readonly readBytes: number;
  readonly writeBytes: number;
  readonly readRecords: number;
  readonly writeRecords: number;
  /** Since the start of the attempts, all subtasks together. */
  readonly busyMs: number;
  readonly backPressuredMs: number;
  readonly idleMs: number;
  /** False until the first report of every attempt counted. */
  readonly isComplete: boolean;
}

export interface AttemptView {
  readonly executionId: string;
  readonly attempt: number;
  readonly status: ExecutionState;
  readonly slotIndex: number;
  readonly startTimeMs: number;
  readonly endTimeMs: number;
  readonly durationMs: number;
  readonly timestamps: Readonly<Record<ExecutionState, number>>;
  readonly metrics: IoMetricsView;
  readonly accumulators: readonly AccumulatorView[];
  readonly failure: { readonly message: string; readonly stackTrace: string } | undefined;
}

export interface SubtaskView extends AttemptView {
  readonly subtask: number;
  readonly taskName: string;
  /** Earlier attempts, oldest first. */
  readonly priorAttempts: readonly AttemptView[];
}

export interface VertexView {
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly status: ExecutionState;
  readonly startTimeMs: number;
  readonly endTimeMs: number;
  readonly durationMs: number;
  readonly tasks: ExecutionStateCounts;
  readonly metrics: IoMetricsView;
  readonly accumulators: readonly AccumulatorView[];
  readonly subtasks: readonly SubtaskView[];
}

export interface JobOverviewView {
  readonly jobId: string;
  readonly name: string;
  readonly type: JobType;
  readonly state: JobStatus;
  readonly startTimeMs: number;
  readonly endTimeMs: number;
  readonly durationMs: number;
  readonly lastModificationMs: number;
  readonly taskCount: number;
  readonly tasks: ExecutionStateCounts;
}

export interface JobDetailView extends JobOverviewView {
  /** When the view was taken. */
  readonly nowMs: number;
  readonly timestamps: Readonly<Record<JobStatus, number>>;
  readonly vertices: readonly VertexView[];
  /** Vertices by state. */
  readonly statusCounts: ExecutionStateCounts;
  readonly plan: JsonPlan;
  readonly exceptions: ExceptionHistoryView;
  readonly accumulators: readonly AccumulatorView[];
  readonly checkpoints: CheckpointStatisticsView;
  readonly checkpointing: CheckpointConfigData;
  readonly execution: ExecutionConfigData;
  readonly stateBackend: 'heap' | 'disk';
  readonly restartStrategy: string;
  readonly restarts: number;
}

export type JobResultView =
  | { readonly status: 'IN_PROGRESS' }
  | {
      readonly status: 'COMPLETED';
      readonly overview: JobOverviewView;
      readonly state: JobStatus;
      readonly result: JobExecutionResultData;
      readonly failure: ExceptionEntry | undefined;
    };

export interface ClusterOverviewView {
  readonly slotsTotal: number;
  readonly slotsAvailable: number;
  readonly jobsRunning: number;
  readonly jobsFinished: number;
  readonly jobsCancelled: number;
  readonly jobsFailed: number;
}
