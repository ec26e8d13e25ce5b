// One checkpoint under way: who has to answer, who has.
import type { TimerHandle } from '../clock.ts';
import type { JobGraphDescription, JobVertexDescription } from '../graph/job-graph.ts';
import type { StateDescription } from '../state/keyed-state-backend.ts';
import type { CheckpointKind, OperatorMetadata, SubtaskMetadata } from './checkpoint-metadata.ts';
import type { SubtaskState } from './state-handles.ts';
import { WINDOW_PROGRESS_STATE } from './window-progress-state.ts';

/** A current attempt as the checkpoint coordinator sees it. */
export interface CheckpointTask {
  readonly executionId: string;
  readonly vertexId: string;
  readonly subtaskIndex: number;
  readonly slotIndex: number;
  readonly taskName: string;
  readonly status: 'running' | 'finished' | 'other';
}

export type StopKind = 'suspend' | 'drain';

export interface PendingCheckpointOptions {
  readonly id: number;
  readonly kind: CheckpointKind;
  readonly directory: string;
  readonly triggerTimestampMs: number;
  readonly stop: StopKind | undefined;
  readonly tasks: readonly CheckpointTask[];
}

export class PendingCheckpoint {
  readonly id: number;
  readonly kind: CheckpointKind;
  readonly directory: string;
  readonly triggerTimestampMs: number;
  readonly stop: StopKind | undefined;
  /** collecting: waits for answers; completing: all answered, _metadata is being written (cannot be aborted from outside); closed: ended. */
  phase: 'collecting' | 'completing' | 'closed' = 'collecting';
  /** Whether tasks were told: their sources may have stopped. */
  wasSent = false;
  /** Its files are not removed when it fails. */
  keepsFiles = false;
  timer: TimerHandle | undefined;
  readonly #tasks: ReadonlyMap<string, CheckpointTask>;
  readonly #states = new Map<string, SubtaskState>();
  readonly #finished = new Set<string>();

  constructor(options: PendingCheckpointOptions) {
    this.id = options.id;
    this.kind = options.kind;
    this.directory = options.directory;
    this.triggerTimestampMs = options.triggerTimestampMs;
    this.stop = options.stop;
    this.#tasks = new Map(options.tasks.map((task) => [task.executionId, task]));
    for (const task of options.tasks) if (task.status === 'finished') this.#finished.add(task.executionId);
  }

  taskOf(executionId: string): CheckpointTask | undefined {
    return this.#tasks.get(executionId);
  }

  /** @returns false for an attempt that is not part of it or has answered already */
  acknowledge(executionId: string, state: SubtaskState): boolean {
    if (!this.#tasks.has(executionId) || this.#states.has(executionId)) return false;
    this.#finished.delete(executionId);
    this.#states.set(executionId, state);
    return true;
  }

  /**
   * The attempt finished without acknowledging. That can only be before the barrier reached it, so nothing of it is behind the barrier:
   * its END stood for the barrier at those it feeds, and it counts as finished in this checkpoint.
   */
  markFinished(executionId: string): boolean {
    if (!this.#tasks.has(executionId) || this.#states.has(executionId)) return false;
    this.#finished.add(executionId);
    return true;
  }

  get isFullyAcknowledged(): boolean {
    return this.#states.size + this.#finished.size === this.#tasks.size;
  }

  /** Nothing is left to resume. */
  get isEmpty(): boolean {
    return this.#states.size === 0;
  }

  states(): Iterable<SubtaskState> {
    return this.#states.values();
  }

  describeOperators(graph: Pick<JobGraphDescription, 'vertices'>): readonly OperatorMetadata[] {
    return graph.vertices.flatMap((vertex) =>
      vertex.operators.map((operator) => this.#describeOperator(vertex, operator)),
    );
  }

  /**
   * Vertices some but not all of whose subtasks finished while others hold union state: the union would miss elements. Also those some
   * of whose subtasks only wait for this checkpoint to finish: completing it would make them such a vertex for ever, and the others
   * would wait for a checkpoint that cannot complete.
   * @see Apache Flink, DefaultCheckpointPlan.fulfillFinishedTaskStatus
   */
  verticesWithPartialUnion(graph: Pick<JobGraphDescription, 'vertices'>): readonly string[] {
    return graph.vertices
      .filter((vertex) => this.#isPartlyOver(vertex))
      .filter((vertex) => vertex.operators.some(({ operatorId }) => hasUnion(this.#subtasksOf(vertex.id, operatorId))))
      .map(({ name }) => name);
  }

  #isPartlyOver({ id, parallelism }: JobVertexDescription): boolean {
    const { operatorsFinishedSubtasks = [] } = this.#operatorsFinished(id);
    const over = this.#finishedSubtasks(id).length;
    return over > 0 || (operatorsFinishedSubtasks.length > 0 && operatorsFinishedSubtasks.length < parallelism);
  }

  #describeOperator(
    vertex: JobVertexDescription,
    operator: JobVertexDescription['operators'][number],
  ): OperatorMetadata {
    const subtasks = this.#subtasksOf(vertex.id, operator.operatorId);
    return {
      operatorId: operator.operatorId,
      uid: operator.uid,
      name: operator.name,
      vertexId: vertex.id,
      vertexName: vertex.name,
      parallelism: vertex.parallelism,
      maxParallelism: vertex.maxParallelism,
      states: statesOf(subtasks),
      finishedSubtasks: this.#finishedSubtasks(vertex.id),
      ...this.#operatorsFinished(vertex.id),
      subtasks,
    };
  }

  #operatorsFinished(vertexId: string): Pick<OperatorMetadata, 'operatorsFinishedSubtasks'> {
    const found = [...this.#states]
      .filter(([, state]) => state.operatorsFinished === true)
      .flatMap(([executionId]) => this.#tasks.get(executionId) ?? [])
      .filter((task) => task.vertexId === vertexId)
      .map(({ subtaskIndex }) => subtaskIndex);
    return found.length === 0 ? {} : { operatorsFinishedSubtasks: found.sort((a, b) => a - b) };
  }

  #finishedSubtasks(vertexId: string): readonly number[] {
    return [...this.#finished]
      .flatMap((executionId) => this.#tasks.get(executionId) ?? [])
      .filter((task) => task.vertexId === vertexId)
      .map(({ subtaskIndex }) => subtaskIndex)
      .sort((a, b) => a - b);
  }

  #subtasksOf(vertexId: string, operatorId: string): readonly SubtaskMetadata[] {
    const found: SubtaskMetadata[] = [];
    for (const [executionId, state] of this.#states) {
      const task = this.#tasks.get(executionId);
      if (task?.vertexId !== vertexId) continue;
      const own = state.operators.find((operator) => operator.operatorId === operatorId);
      if (own === undefined || (own.keyed.length === 0 && own.operator.length === 0)) continue;
      found.push({ index: task.subtaskIndex, keyed: own.keyed, operator: own.operator });
    }
    return found.sort((a, b) => a.index - b.index);
  }
}

function statesOf(subtasks: readonly SubtaskMetadata[]): readonly StateDescription[] {
  const byName = new Map<string, StateDescription>();
  for (const { keyed, operator } of subtasks) {
    for (const handle of [...keyed, ...operator]) {
      for (const state of handle.states) byName.set(`${state.kind} ${state.name}`, state);
    }
  }
  return [...byName.values()];
}

function hasUnion(subtasks: readonly SubtaskMetadata[]): boolean {
  return subtasks.some(({ operator }) =>
    operator.some(({ entries }) =>
      entries.some(
        ({ name, mode, offsets }) => mode === 'union' && offsets.length > 0 && name !== WINDOW_PROGRESS_STATE,
      ),
    ),
  );
}
