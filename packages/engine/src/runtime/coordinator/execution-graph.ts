// The execution graph: vertices, their subtasks, and the attempts of each. Holds state and its history; decides nothing.
import type { JobGraphDescription, JobVertexDescription } from '../../graph/job-graph.ts';
import type { SerializedError, TaskReport } from '../messages.ts';
import { ExecutionState, executionTransitions } from './execution-state.ts';
import { DEFAULT_HISTORY_LIMITS } from './history-limits.ts';
import { createHexId, type RandomSource } from './ids.ts';
import { StateMachine } from './state-machine.ts';

/** One attempt of one subtask. */
export class Execution {
  readonly executionId: string;
  readonly attemptNumber: number;
  readonly vertexId: string;
  readonly subtaskIndex: number;
  readonly slotIndex: number;
  readonly machine: StateMachine<ExecutionState>;
  /** Number of the deployment that carried it; 0 before. */
  deployment = 0;
  /** Deployed only to pass its end on: it had finished in the checkpoint that was restored. */
  finishedOnRestore = false;
  failure: SerializedError | undefined;
  report: TaskReport | undefined;

  constructor(identity: {
    executionId: string;
    attemptNumber: number;
    vertexId: string;
    subtaskIndex: number;
    slotIndex: number;
    nowMs: () => number;
    onMove?: (() => void) | undefined;
  }) {
    this.executionId = identity.executionId;
    this.attemptNumber = identity.attemptNumber;
    this.vertexId = identity.vertexId;
    this.subtaskIndex = identity.subtaskIndex;
    this.slotIndex = identity.slotIndex;
    this.machine = new StateMachine<ExecutionState>({
      subject: `execution ${identity.executionId}`,
      table: executionTransitions,
      initial: ExecutionState.CREATED,
      nowMs: identity.nowMs,
      onMove: identity.onMove,
    });
  }

  get state(): ExecutionState {
    return this.machine.state;
  }

  get isTerminal(): boolean {
    return this.machine.isTerminal;
  }
}

/** One subtask: its current attempt and those before. */
export class ExecutionVertex {
  readonly vertex: JobVertexDescription;
  readonly subtaskIndex: number;
  readonly slotIndex: number;
  current: Execution;
  readonly prior: Execution[] = [];

  constructor(vertex: JobVertexDescription, subtaskIndex: number, slotIndex: number, current: Execution) {
    this.vertex = vertex;
    this.subtaskIndex = subtaskIndex;
    this.slotIndex = slotIndex;
    this.current = current;
  }

  /** "Source: Custom Source (1/2)", as Flink names tasks. */
  get taskName(): string {
    return `${this.vertex.name} (${this.subtaskIndex + 1}/${this.vertex.parallelism})`;
  }
}

export interface ExecutionGraphOptions {
  readonly graph: JobGraphDescription;
  /** Slot index of every subtask: placement[vertexId][subtask]. */
  readonly placement: Readonly<Record<string, readonly number[]>>;
  readonly random: RandomSource;
  readonly nowMs: () => number;
  /** Earlier attempts kept per subtask. Default: as in DEFAULT_HISTORY_LIMITS. */
  readonly maxPriorAttempts?: number | undefined;
  /** Told of new attempts and of every move of one. */
  readonly onChange?: (() => void) | undefined;
}

export class ExecutionGraph {
  readonly graph: JobGraphDescription;
  readonly #options: ExecutionGraphOptions;
  readonly #vertices: ReadonlyMap<string, readonly ExecutionVertex[]>;
  readonly #byExecutionId = new Map<string, ExecutionVertex>();
  readonly all: readonly ExecutionVertex[];

  constructor(options: ExecutionGraphOptions) {
    this.graph = options.graph;
    this.#options = options;
    this.#vertices = new Map(options.graph.vertices.map((vertex) => [vertex.id, this.#createSubtasks(vertex)]));
    this.all = [...this.#vertices.values()].flat();
  }

  subtasks(vertexId: string): readonly ExecutionVertex[] {
    return this.#vertices.get(vertexId) ?? [];
  }

  /** The subtask whose current attempt this is; undefined for attempts that were replaced. */
  byExecutionId(executionId: string): ExecutionVertex | undefined {
    return this.#byExecutionId.get(executionId);
  }

  /** Replaces a terminal attempt by a new one, in CREATED. */
  createAttempt(subtask: ExecutionVertex): Execution {
    const before = subtask.current;
    this.#byExecutionId.delete(before.executionId);
    subtask.prior.push(before);
    const { maxPriorAttempts = DEFAULT_HISTORY_LIMITS.attempts } = this.#options;
    if (subtask.prior.length > maxPriorAttempts) subtask.prior.shift();
    subtask.current = this.#createExecution(subtask.vertex.id, subtask.subtaskIndex, before.attemptNumber + 1);
    this.#byExecutionId.set(subtask.current.executionId, subtask);
    return subtask.current;
  }

  every(predicate: (execution: Execution) => boolean): boolean {
    return this.all.every((subtask) => predicate(subtask.current));
  }

  #createSubtasks(vertex: JobVertexDescription): readonly ExecutionVertex[] {
    return Array.from({ length: vertex.parallelism }, (_, index) => {
      const execution = this.#createExecution(vertex.id, index, 0);
      const subtask = new ExecutionVertex(vertex, index, execution.slotIndex, execution);
      this.#byExecutionId.set(execution.executionId, subtask);
      return subtask;
    });
  }

  #createExecution(vertexId: string, subtaskIndex: number, attemptNumber: number): Execution {
    const { onChange, placement, random, nowMs } = this.#options;
    onChange?.();
    return new Execution({
      executionId: createHexId(random),
      attemptNumber,
      vertexId,
      subtaskIndex,
      slotIndex: placement[vertexId]?.[subtaskIndex] ?? 0,
      nowMs,
      onMove: onChange,
    });
  }
}
