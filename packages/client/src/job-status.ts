// States of jobs, of all versions.
import type { WireJobStatus } from '@yeoul/contract';

/** INITIALIZING came with Flink 1.12. */
export type JobStatus = WireJobStatus | 'INITIALIZING';

/** A job in one of these does not change any more. SUSPENDED is none of them: such a job may go on elsewhere. */
export const terminalJobStatuses = ['FINISHED', 'CANCELED', 'FAILED'] as const satisfies readonly JobStatus[];
export type TerminalJobStatus = (typeof terminalJobStatuses)[number];

export function isTerminal(status: JobStatus): status is TerminalJobStatus {
  return (terminalJobStatuses as readonly JobStatus[]).includes(status);
}
