/** How much of its past a job remembers. */
export interface HistoryLimits {
  /** @see Apache Flink, web.checkpoints.history */
  readonly checkpoints: number;
  /** @see Apache Flink, web.exception-history-size */
  readonly exceptions: number;
  /** Earlier attempts per subtask. @see Apache Flink, jobmanager.execution.attempts-history-size */
  readonly attempts: number;
}

export const DEFAULT_HISTORY_LIMITS: HistoryLimits = {
  checkpoints: 10,
  // As many as Flink's page reports at most.
  exceptions: 20,
  attempts: 16,
};
