// The states of one attempt of a subtask, with Flink's names and legal moves.
import type { TransitionTable } from './state-machine.ts';

export const ExecutionState = {
  CREATED: 'CREATED',
  SCHEDULED: 'SCHEDULED',
  DEPLOYING: 'DEPLOYING',
  INITIALIZING: 'INITIALIZING',
  RUNNING: 'RUNNING',
  FINISHED: 'FINISHED',
  CANCELING: 'CANCELING',
  CANCELED: 'CANCELED',
  FAILED: 'FAILED',
  RECONCILING: 'RECONCILING',
} as const;
export type ExecutionState = (typeof ExecutionState)[keyof typeof ExecutionState];

export const executionTransitions = {
  CREATED: ['SCHEDULED', 'CANCELED', 'FAILED'],
  SCHEDULED: ['DEPLOYING', 'CANCELED', 'FAILED'],
  DEPLOYING: ['INITIALIZING', 'RUNNING', 'FINISHED', 'CANCELING', 'FAILED'],
  INITIALIZING: ['RUNNING', 'FINISHED', 'CANCELING', 'FAILED'],
  RUNNING: ['FINISHED', 'CANCELING', 'FAILED'],
  // A task that fails or finishes while it is cancelled was cancelled.
  CANCELING: ['CANCELED'],
  RECONCILING: ['CANCELED', 'FAILED'],
  FINISHED: [],
  CANCELED: [],
  FAILED: [],
} as const satisfies TransitionTable<ExecutionState>;

export type ExecutionStateCounts = Readonly<Record<ExecutionState, number>>;

/** How many of `states` are in each state, every state listed. */
export function countStates(states: Iterable<ExecutionState>): ExecutionStateCounts {
  const counts = Object.fromEntries(Object.keys(ExecutionState).map((state) => [state, 0])) as Record<
    ExecutionState,
    number
  >;
  for (const state of states) counts[state] += 1;
  return counts;
}

/** The state of a vertex from those of its subtasks. @see Apache Flink, ExecutionJobVertex.getAggregateJobVertexState */
export function aggregateState(counts: ExecutionStateCounts, parallelism: number): ExecutionState {
  if (counts.FAILED > 0) return ExecutionState.FAILED;
  if (counts.CANCELING > 0) return ExecutionState.CANCELING;
  if (counts.CANCELED > 0) return ExecutionState.CANCELED;
  if (counts.INITIALIZING > 0) return ExecutionState.INITIALIZING;
  if (counts.RUNNING > 0) return ExecutionState.RUNNING;
  if (counts.FINISHED === parallelism) return ExecutionState.FINISHED;
  return counts.FINISHED > 0 ? ExecutionState.RUNNING : ExecutionState.CREATED;
}
