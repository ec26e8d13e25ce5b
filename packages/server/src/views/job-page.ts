// Pages of a job from the engine's view of it. Pure.
import type { jobEndpoints, ResponseOf } from '@yeoul/contract';
import type { JobDetailView, JobOverviewView, VertexView } from '@yeoul/engine/runtime';
import type { PageTime } from './page-context.ts';
import { toExecutionState, toJobStatus, toJobTimes, toStateCounts } from './states.ts';

type JobPage = ResponseOf<typeof jobEndpoints.getJob>;
type IoView = Pick<VertexView, 'metrics' | 'startTimeMs' | 'endTimeMs'>;
type OverviewLine = ResponseOf<typeof jobEndpoints.getJobsOverview>['jobs'][number];

/**
 * Flink's instants of fetches are the cluster's and have nothing to do with a job's. Here they would fall on the beats of its checkpoints,
 * and what clients do once counts are complete with them, were they not put between whole seconds.
 */
const OFF_BEAT_MS = 500;
/** A job keeps its parallelism: Flink's scheduler of that kind. */
const SCHEDULER_TYPE = 'Default';

export function toJobPage(job: JobDetailView, time: PageTime): JobPage {
  return {
    jid: job.jobId,
    name: job.name,
    isStoppable: false,
    state: toJobStatus(job.state),
    ...toTimes(job),
    now: time.nowMs,
    timestamps: toJobTimes(job.timestamps),
    vertices: job.vertices.map((vertex) => toVertexLine(vertex, time)),
    'status-counts': toStateCounts(job.statusCounts),
    plan: toPlan(job),
    'job-type': job.type,
    schedulerType: SCHEDULER_TYPE,
    'pending-operators': 0,
    'application-id': job.jobId,
  };
}

export function toVertexLine(vertex: VertexView, time: PageTime): JobPage['vertices'][number] {
  return {
    id: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    status: toExecutionState(vertex.status),
    ...toTimes(vertex),
    tasks: toStateCounts(vertex.tasks),
    metrics: toIoMetrics(vertex, time),
    maxParallelism: vertex.maxParallelism,
  };
}

export function toPlan({ jobId, plan }: JobDetailView): JobPage['plan'] {
  return { jid: jobId, ...plan } as JobPage['plan'];
}

export function toOverviewLine(job: JobOverviewView): OverviewLine {
  const { tasks } = job;
  return {
    jid: job.jobId,
    name: job.name,
    state: toJobStatus(job.state),
    ...toTimes(job),
    'last-modification': job.lastModificationMs,
    tasks: {
      total: job.taskCount,
      created: tasks.CREATED,
      scheduled: tasks.SCHEDULED,
      deploying: tasks.DEPLOYING,
      running: tasks.RUNNING + tasks.INITIALIZING,
      finished: tasks.FINISHED,
      canceling: tasks.CANCELING,
      canceled: tasks.CANCELED,
      failed: tasks.FAILED,
      reconciling: tasks.RECONCILING,
    },
    jobType: job.type,
    schedulerType: SCHEDULER_TYPE,
    // Clients of 2.x refuse the line without it.
    'pending-operators': 0,
  };
}

/** Epoch ms, -1: not yet. */
export function toTimes(view: {
  readonly startTimeMs: number;
  readonly endTimeMs: number;
  readonly durationMs: number;
}): { 'start-time': number; 'end-time': number; duration: number } {
  return { 'start-time': view.startTimeMs, 'end-time': view.endTimeMs, duration: view.durationMs };
}

/**
 * Counts of a task or vertex. They are complete when every subtask has reported over one interval in which Flink fetches metrics, or
 * has ended: clients compare complete counts of neighbours.
 */
export function toIoMetrics(
  { metrics, startTimeMs, endTimeMs }: IoView,
  { nowMs, fetchIntervalMs }: PageTime,
): JobPage['vertices'][number]['metrics'] {
  const isFetched = () => fetchIntervalMs > 0 && nowMs - startTimeMs >= fetchIntervalMs + OFF_BEAT_MS;
  const isComplete = metrics.isComplete && (endTimeMs >= 0 || isFetched());
  return {
    'read-bytes': metrics.readBytes,
    'read-bytes-complete': isComplete,
    'write-bytes': metrics.writeBytes,
    'write-bytes-complete': isComplete,
    'read-records': metrics.readRecords,
    'read-records-complete': isComplete,
    'write-records': metrics.writeRecords,
    'write-records-complete': isComplete,
    'accumulated-backpressured-time': Math.round(metrics.backPressuredMs),
    'accumulated-idle-time': Math.round(metrics.idleMs),
    'accumulated-busy-time': Math.round(metrics.busyMs),
  };
}
