// The states of a job, with Flink's names and legal moves (JobStatus of 1.9, with INITIALIZING and RUNNING ⇄ RESTARTING of later releases).
import type { TransitionTable } from './state-machine.ts';

export const JobStatus = {
  INITIALIZING: 'INITIALIZING',
  CREATED: 'CREATED',
  RUNNING: 'RUNNING',
  FAILING: 'FAILING',
  FAILED: 'FAILED',
  CANCELLING: 'CANCELLING',
  CANCELED: 'CANCELED',
  FINISHED: 'FINISHED',
  RESTARTING: 'RESTARTING',
  SUSPENDED: 'SUSPENDED',
  RECONCILING: 'RECONCILING',
} as const;
export type JobStatus = (typeof JobStatus)[keyof typeof JobStatus];

export const jobTransitions = {
  INITIALIZING: ['CREATED', 'CANCELLING', 'FAILING', 'SUSPENDED'],
  CREATED: ['RUNNING', 'CANCELLING', 'FAILING', 'SUSPENDED'],
  RUNNING: ['FINISHED', 'RESTARTING', 'CANCELLING', 'FAILING', 'SUSPENDED'],
  RESTARTING: ['RUNNING', 'CANCELLING', 'FAILING', 'SUSPENDED'],
  FAILING: ['FAILED', 'CANCELLING', 'SUSPENDED'],
  CANCELLING: ['CANCELED', 'SUSPENDED'],
  // After a restart of the process, a stop or cancellation that its savepoint had already completed is closed from here.
  RECONCILING: ['FINISHED', 'CANCELED', 'SUSPENDED'],
  FAILED: [],
  CANCELED: [],
  FINISHED: [],
  // Ends this run of the cluster only: the job is kept and resumes at the next start.
  SUSPENDED: [],
} as const satisfies TransitionTable<JobStatus>;

/** Ended for good: never resumed. */
export function isGloballyTerminal(status: JobStatus): boolean {
  return status === JobStatus.FINISHED || status === JobStatus.CANCELED || status === JobStatus.FAILED;
}
