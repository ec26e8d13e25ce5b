// What the checkpoint pages show: counts, summary, latest of each kind, and a bounded history with details per task and subtask.
import type { CheckpointKind } from './checkpoint-metadata.ts';
import { type NumberSummary, RunningSummary } from './number-summary.ts';
import type { CheckpointMetrics } from './state-handles.ts';

/** @see Apache Flink, web.checkpoints.history */
const DEFAULT_HISTORY_SIZE = 10;

export type CheckpointStatus = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

export interface SubtaskCheckpointView extends CheckpointMetrics {
  readonly index: number;
  readonly ackTimestampMs: number;
  /** Written for this checkpoint; what an incremental one shares with those before is in stateBytes alone. */
  readonly checkpointedBytes: number;
  readonly endToEndMs: number;
}

export interface TaskCheckpointView {
  readonly vertexId: string;
  readonly parallelism: number;
  readonly acknowledged: number;
  /** Subtasks that had finished and so have nothing to acknowledge. */
  readonly finishedSubtasks: readonly number[];
  /** -1: none yet. */
  readonly latestAckTimestampMs: number;
  readonly stateBytes: number;
  readonly checkpointedBytes: number;
  readonly endToEndMs: number;
  /** By subtask index; undefined: not acknowledged. */
  readonly subtasks: readonly (SubtaskCheckpointView | undefined)[];
}

export interface CheckpointView {
  readonly id: number;
  readonly status: CheckpointStatus;
  readonly kind: CheckpointKind;
  readonly triggerTimestampMs: number;
  /** -1: none yet. */
  readonly latestAckTimestampMs: number;
  readonly stateBytes: number;
  readonly checkpointedBytes: number;
  readonly endToEndMs: number;
  readonly subtaskCount: number;
  readonly acknowledgedCount: number;
  /** Absolute directory, once completed. */
  readonly externalPath: string | undefined;
  /** Its files are gone. */
  readonly discarded: boolean;
  readonly failureTimestampMs: number | undefined;
  readonly failureMessage: string | undefined;
  readonly tasks: readonly TaskCheckpointView[];
}

export interface RestoredCheckpointView {
  readonly id: number;
  readonly restoreTimestampMs: number;
  readonly kind: CheckpointKind;
  readonly externalPath: string;
}

export interface CheckpointStatisticsView {
  readonly counts: {
    readonly restored: number;
    readonly total: number;
    readonly inProgress: number;
    readonly completed: number;
    readonly failed: number;
  };
  readonly summary: {
    readonly stateBytes: NumberSummary;
    readonly checkpointedBytes: NumberSummary;
    readonly endToEndMs: NumberSummary;
  };
  readonly latest: {
    readonly completed: CheckpointView | undefined;
    readonly savepoint: CheckpointView | undefined;
    readonly failed: CheckpointView | undefined;
    readonly restored: RestoredCheckpointView | undefined;
  };
  /** Newest first. */
  readonly history: readonly CheckpointView[];
}

export interface CheckpointStart {
  readonly id: number;
  readonly kind: CheckpointKind;
  readonly triggerTimestampMs: number;
  readonly vertices: readonly { readonly id: string; readonly parallelism: number }[];
}

export class CheckpointStatistics {
  readonly #historySize: number;
  readonly #onChange: () => void;
  #history: CheckpointView[] = [];
  readonly #counts = { restored: 0, total: 0, inProgress: 0, completed: 0, failed: 0 };
  readonly #stateBytes = new RunningSummary();
  readonly #checkpointedBytes = new RunningSummary();
  readonly #endToEndMs = new RunningSummary();
  #latestCompleted: CheckpointView | undefined;
  #latestSavepoint: CheckpointView | undefined;
  #latestFailed: CheckpointView | undefined;
  #restored: RestoredCheckpointView | undefined;

  /**
   * @param historySize entries of the history
   * @param onChange told of every change
   */
  constructor(historySize: number = DEFAULT_HISTORY_SIZE, onChange: () => void = () => {}) {
    this.#historySize = historySize;
    this.#onChange = onChange;
  }

  started(start: CheckpointStart): void {
    this.#onChange();
    this.#counts.total += 1;
    this.#counts.inProgress += 1;
    this.#history = [newView(start), ...this.#history].slice(0, this.#historySize);
  }

  /** @param metrics what the subtask says, and how much of its state was written for this checkpoint */
  acknowledged(
    id: number,
    vertexId: string,
    index: number,
    atMs: number,
    metrics: CheckpointMetrics & { readonly checkpointedBytes: number },
  ): void {
    this.#update(id, (view) => {
      const subtask = { ...metrics, index, ackTimestampMs: atMs, endToEndMs: atMs - view.triggerTimestampMs };
      return withTask(view, vertexId, (task) => acknowledgeTask(task, subtask));
    });
  }

  subtaskFinished(id: number, vertexId: string, index: number): void {
    this.#update(id, (view) =>
      withTask(view, vertexId, (task) =>
        task.finishedSubtasks.includes(index) ? task : { ...task, finishedSubtasks: [...task.finishedSubtasks, index] },
      ),
    );
  }

  completed(id: number, externalPath: string): void {
    const view = this.#update(id, (before) => ({ ...before, status: 'COMPLETED', externalPath }));
    this.#counts.inProgress -= 1;
    this.#counts.completed += 1;
    if (view === undefined) return;
    this.#stateBytes.add(view.stateBytes);
    this.#checkpointedBytes.add(view.checkpointedBytes);
    this.#endToEndMs.add(view.endToEndMs);
    if (view.kind === 'savepoint') this.#latestSavepoint = view;
    else this.#latestCompleted = view;
  }

  failed(id: number, atMs: number, message: string): void {
    const view = this.#update(id, (before) => ({
      ...before,
      status: 'FAILED',
      endToEndMs: atMs - before.triggerTimestampMs,
      failureTimestampMs: atMs,
      failureMessage: message,
      discarded: true,
    }));
    this.#counts.inProgress -= 1;
    this.#counts.failed += 1;
    this.#latestFailed = view ?? this.#latestFailed;
  }

  restored(restored: RestoredCheckpointView): void {
    this.#onChange();
    this.#counts.restored += 1;
    this.#restored = restored;
  }

  /** C4: called before the files go. */
  discarded(externalPath: string): void {
    this.#onChange();
    const { history, latest } = withDiscarded(this.view(), externalPath);
    this.#history = [...history];
    this.#latestCompleted = latest.completed;
    this.#latestSavepoint = latest.savepoint;
  }

  /** Undefined: not in the history any more. */
  detail(id: number): CheckpointView | undefined {
    return this.#history.find((view) => view.id === id);
  }

  view(): CheckpointStatisticsView {
    return {
      counts: { ...this.#counts },
      summary: {
        stateBytes: this.#stateBytes.view(),
        checkpointedBytes: this.#checkpointedBytes.view(),
        endToEndMs: this.#endToEndMs.view(),
      },
      latest: {
        completed: this.#latestCompleted,
        savepoint: this.#latestSavepoint,
        failed: this.#latestFailed,
        restored: this.#restored,
      },
      history: this.#history,
    };
  }

  #update(id: number, change: (view: CheckpointView) => CheckpointView): CheckpointView | undefined {
    this.#onChange();
    let changed: CheckpointView | undefined;
    this.#history = this.#history.map((view) => {
      if (view.id !== id) return view;
      changed = change(view);
      return changed;
    });
    return changed;
  }
}

/** The statistics with a checkpoint marked as gone; the same object when it is not in them. */
export function withDiscarded(view: CheckpointStatisticsView, externalPath: string): CheckpointStatisticsView {
  const { completed, savepoint } = view.latest;
  const all = [...view.history, completed, savepoint];
  if (!all.some((checkpoint) => checkpoint?.externalPath === externalPath && !checkpoint.discarded)) return view;
  const mark = <V extends CheckpointView | undefined>(checkpoint: V): V =>
    checkpoint?.externalPath === externalPath ? { ...checkpoint, discarded: true } : checkpoint;
  const latest = { ...view.latest, completed: mark(completed), savepoint: mark(savepoint) };
  return { ...view, latest, history: view.history.map(mark) };
}

function newView({ id, kind, triggerTimestampMs, vertices }: CheckpointStart): CheckpointView {
  return {
    id,
    status: 'IN_PROGRESS',
    kind,
    triggerTimestampMs,
    latestAckTimestampMs: -1,
    stateBytes: 0,
    checkpointedBytes: 0,
    endToEndMs: 0,
    subtaskCount: vertices.reduce((sum, { parallelism }) => sum + parallelism, 0),
    acknowledgedCount: 0,
    externalPath: undefined,
    discarded: false,
    failureTimestampMs: undefined,
    failureMessage: undefined,
    tasks: vertices.map((vertex) => ({
      vertexId: vertex.id,
      parallelism: vertex.parallelism,
      acknowledged: 0,
      finishedSubtasks: [],
      latestAckTimestampMs: -1,
      stateBytes: 0,
      checkpointedBytes: 0,
      endToEndMs: 0,
      subtasks: Array.from({ length: vertex.parallelism }, () => undefined),
    })),
  };
}

function withTask(
  view: CheckpointView,
  vertexId: string,
  change: (task: TaskCheckpointView) => TaskCheckpointView,
): CheckpointView {
  const tasks = view.tasks.map((task) => (task.vertexId === vertexId ? change(task) : task));
  return {
    ...view,
    tasks,
    acknowledgedCount: sum(tasks.map((task) => task.acknowledged + task.finishedSubtasks.length)),
    stateBytes: sum(tasks.map((task) => task.stateBytes)),
    checkpointedBytes: sum(tasks.map((task) => task.checkpointedBytes)),
    latestAckTimestampMs: Math.max(...tasks.map((task) => task.latestAckTimestampMs)),
    endToEndMs: Math.max(...tasks.map((task) => task.endToEndMs)),
  };
}

function acknowledgeTask(task: TaskCheckpointView, subtask: SubtaskCheckpointView): TaskCheckpointView {
  return {
    ...task,
    acknowledged: task.acknowledged + 1,
    latestAckTimestampMs: Math.max(task.latestAckTimestampMs, subtask.ackTimestampMs),
    stateBytes: task.stateBytes + subtask.stateBytes,
    checkpointedBytes: task.checkpointedBytes + subtask.checkpointedBytes,
    endToEndMs: Math.max(task.endToEndMs, subtask.endToEndMs),
    subtasks: task.subtasks.map((before, index) => (index === subtask.index ? subtask : before)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
