// States as Flink 1.9 knows them: a task that initializes counts as running, a job that does as created.
import { executionStates, jobStatuses, type WireExecutionState, type WireJobStatus } from '@yeoul/contract';
import type { JobDetailView, VertexView } from '@yeoul/engine/runtime';

type ExecutionState = VertexView['status'];
type JobStatus = JobDetailView['state'];

export function toExecutionState(state: ExecutionState): WireExecutionState {
  return state === 'INITIALIZING' ? 'RUNNING' : state;
}

export function toJobStatus(status: JobStatus): WireJobStatus {
  return status === 'INITIALIZING' ? 'CREATED' : status;
}

export function toStateCounts(counts: Readonly<Record<ExecutionState, number>>): Record<WireExecutionState, number> {
  return byState(executionStates, (state) => counts[state] + (state === 'RUNNING' ? counts.INITIALIZING : 0));
}

/** Epoch ms; 0: never. */
export function toStateTimes(times: Readonly<Record<ExecutionState, number>>): Record<WireExecutionState, number> {
  return byState(executionStates, (state) => times[state] || (state === 'RUNNING' ? times.INITIALIZING : 0));
}

/** Epoch ms; 0: never. */
export function toJobTimes(times: Readonly<Record<JobStatus, number>>): Record<WireJobStatus, number> {
  return byState(jobStatuses, (status) => times[status] || (status === 'CREATED' ? times.INITIALIZING : 0));
}

function byState<S extends string>(states: readonly S[], read: (state: S) => number): Record<S, number> {
  return Object.fromEntries(states.map((state) => [state, read(state)])) as Record<S, number>;
}
