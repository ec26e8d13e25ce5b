/** What plans and runs may take together; reaching a limit is PLANS_BUSY or SUBMISSION_LIMIT. */
export interface SubmissionLimits {
  /** Programs evaluated at once: each takes a thread. */
  readonly maxEvaluations: number;
  /** Requests that wait for their turn. */
  readonly maxWaitingEvaluations: number;
  /** Runs of jars, also those that fail. */
  readonly maxSubmissionsPerMinute: number;
}

export const defaultSubmissionLimits: SubmissionLimits = {
  maxEvaluations: 4,
  maxWaitingEvaluations: 64,
  // Ten a second: as many as a machine of eight cores evaluates.
  maxSubmissionsPerMinute: 600,
};
