// Kept apart from the client, which is loaded only when a server is asked.
import type { JobStatus, TerminalJobStatus } from '@yeoul/client';

const ended: Readonly<Record<TerminalJobStatus, true>> = { FINISHED: true, CANCELED: true, FAILED: true };

/** The job does not change any more. */
export function hasEnded(state: JobStatus): boolean {
  return Object.hasOwn(ended, state);
}
