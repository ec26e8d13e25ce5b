// Metrics as REST asks for them: list the ids of a scope, get values by id, aggregate over subtasks or jobs. Values come from the last
// reports of the slots; nothing is stored here but those.
import type { Clock } from '../clock.ts';
import type { JobMaster } from '../runtime/coordinator/job-master.ts';
import { JobStatus } from '../runtime/coordinator/job-status.ts';
import type { SlotReport, TaskReport } from '../runtime/messages.ts';
import { operatorMetricId, subtaskMetricId } from './metric-scopes.ts';

/** Values by metric id. */
export type MetricValues = ReadonlyMap<string, number | string>;

export interface MetricAggregate {
  readonly id: string;
  readonly min: number;
  readonly max: number;
  readonly average: number;
  readonly sum: number;
}

export interface MetricRegistryOptions {
  readonly clock: Clock;
  readonly jobs: () => Iterable<{ readonly jobId: string; readonly master: JobMaster }>;
  readonly pool: { readonly total: number; readonly free: number };
  /** How old values may be; 0: those of jobs are not shown. @see Apache Flink, metrics.fetcher.update-interval */
  readonly updateIntervalMs: number;
}

export class MetricRegistry {
  readonly #options: MetricRegistryOptions;
  /** Figures of the process, given by whoever may read them. */
  #processFigures: () => Readonly<Record<string, number>> = () => ({});

  constructor(options: MetricRegistryOptions) {
    this.#options = options;
  }

  get updateIntervalMs(): number {
    return this.#options.updateIntervalMs;
  }

  /** "Status.JVM.Memory.Heap.Used" and the like, shown under jobmanager and taskmanager. */
  setProcessFigures(read: () => Readonly<Record<string, number>>): void {
    this.#processFigures = read;
  }

  jobManager(): MetricValues {
    const jobs = [...this.#options.jobs()];
    return new Map<string, number | string>([
      ['numRunningJobs', jobs.filter(({ master }) => master.status === JobStatus.RUNNING).length],
      ['numRegisteredTaskManagers', 1],
      ['taskSlotsTotal', this.#options.pool.total],
      ['taskSlotsAvailable', this.#options.pool.free],
      ...Object.entries(this.#processFigures()),
    ]);
  }

  taskManager(): MetricValues {
    const reports = [...this.#options.jobs()].flatMap(({ master }) => [...master.slotReports().values()]);
    const sum = (read: (report: SlotReport) => number) => reports.reduce((total, report) => total + read(report), 0);
    return new Map<string, number | string>([
      ...Object.entries(this.#processFigures()),
      ['Status.Slots.Heap.Used', sum(({ heapUsedBytes }) => heapUsedBytes)],
      ['Status.Slots.Heap.Committed', sum(({ heapTotalBytes }) => heapTotalBytes)],
      ['Status.Slots.External.Used', sum(({ externalBytes }) => externalBytes)],
      ['Status.Slots.Utilization', reports.length === 0 ? 0 : sum(({ utilization }) => utilization) / reports.length],
    ]);
  }

  /** Empty for an unknown job. */
  job(jobId: string): MetricValues {
    const master = this.#master(jobId);
    return master === undefined ? new Map() : jobMetrics(master, this.#options.clock.nowMs());
  }

  /** Ids start with the subtask: "0.numRecordsIn", "0.Flat_Map.numRecordsIn". */
  vertex(jobId: string, vertexId: string): MetricValues {
    const values = new Map<string, number | string>();
    for (const { subtaskIndex, current } of this.#master(jobId)?.executions.subtasks(vertexId) ?? []) {
      for (const [id, value] of reportMetrics(current.report)) values.set(subtaskMetricId(subtaskIndex, id), value);
    }
    return values;
  }

  subtask(jobId: string, vertexId: string, subtaskIndex: number): MetricValues {
    return reportMetrics(this.#master(jobId)?.executions.subtasks(vertexId)[subtaskIndex]?.current.report);
  }

  /** @param subtasks undefined: all */
  subtasks(jobId: string, vertexId: string, subtasks?: ReadonlySet<number>): readonly MetricValues[] {
    return (this.#master(jobId)?.executions.subtasks(vertexId) ?? [])
      .filter(({ subtaskIndex }) => subtasks === undefined || subtasks.has(subtaskIndex))
      .map(({ current }) => reportMetrics(current.report));
  }

  /** Lowest watermark that subtasks of a vertex have seen, by subtask; undefined: not reported. */
  watermarks(jobId: string, vertexId: string): readonly (number | undefined)[] {
    return (this.#master(jobId)?.executions.subtasks(vertexId) ?? []).map(
      ({ current }) => current.report?.task.currentInputWatermark,
    );
  }

  #master(jobId: string): JobMaster | undefined {
    if (this.updateIntervalMs === 0) return undefined;
    for (const job of this.#options.jobs()) if (job.jobId === jobId) return job.master;
    return undefined;
  }
}

/** Values of `ids`; unknown ones are left out. */
export function selectMetrics(values: MetricValues, ids: readonly string[]): readonly { id: string; value: string }[] {
  return ids.flatMap((id) => {
    const value = values.get(id);
    return value === undefined ? [] : [{ id, value: String(value) }];
  });
}

/** Aggregates of numeric metrics over several sources; an id that no source has, or that is no number, is left out. */
export function aggregateMetrics(sources: readonly MetricValues[], ids: readonly string[]): readonly MetricAggregate[] {
  return ids.flatMap((id) => {
    const numbers = sources
      .map((source) => Number(source.get(id) ?? Number.NaN))
      .filter((value) => !Number.isNaN(value));
    if (numbers.length === 0) return [];
    const sum = numbers.reduce((total, value) => total + value, 0);
    return [{ id, min: Math.min(...numbers), max: Math.max(...numbers), average: sum / numbers.length, sum }];
  });
}

function reportMetrics(report: TaskReport | undefined): MetricValues {
  const values = new Map<string, number | string>(Object.entries(report?.task ?? {}));
  for (const [operator, metrics] of Object.entries(report?.operators ?? {})) {
    for (const [name, value] of Object.entries(metrics)) values.set(operatorMetricId(operator, name), value);
  }
  return values;
}

/** @see Apache Flink, the job scope of the job manager's metrics */
function jobMetrics({ checkpoints, timestamps, status, restartCount }: JobMaster, nowMs: number): MetricValues {
  const { counts, latest } = checkpoints.statistics.view();
  const last = latest.completed;
  const isRunning = status === JobStatus.RUNNING;
  const isRestarting = status === JobStatus.RESTARTING;
  return new Map<string, number | string>([
    ['numberOfFailedCheckpoints', counts.failed],
    ['numberOfInProgressCheckpoints', counts.inProgress],
    ['numberOfCompletedCheckpoints', counts.completed],
    ['totalNumberOfCheckpoints', counts.total],
    ['lastCheckpointSize', last?.stateBytes ?? -1],
    ['lastCheckpointDuration', last?.endToEndMs ?? -1],
    ['lastCheckpointExternalPath', last?.externalPath ?? 'n/a'],
    ['lastCheckpointRestoreTimestamp', latest.restored?.restoreTimestampMs ?? -1],
    ['lastCheckpointAlignmentBuffered', last === undefined ? -1 : 0],
    ['fullRestarts', restartCount],
    ['numRestarts', restartCount],
    ['uptime', isRunning ? nowMs - timestamps.RUNNING : 0],
    ['downtime', isRestarting ? nowMs - timestamps.RESTARTING : 0],
    ['restartingTime', restartingTime(timestamps, isRestarting, nowMs)],
  ]);
}

/** How long the last restart took, or the present one has taken. */
function restartingTime(timestamps: Readonly<Record<JobStatus, number>>, isRestarting: boolean, nowMs: number): number {
  if (timestamps.RESTARTING === 0) return 0;
  return isRestarting ? nowMs - timestamps.RESTARTING : Math.max(0, timestamps.RUNNING - timestamps.RESTARTING);
}
