// Endpoints whose answers are kept for a moment: pages that show states and numbers, and nothing that belongs to one request.
// Not among them: what acts, the status of an operation, files, uploaded jars, looks at threads.

const cachedEndpoints: ReadonlySet<string> = new Set([
  'getConfig',
  'getOverview',
  'getJobManagerConfig',
  'getJobManagerEnvironment',
  'getJobManagerMetrics',
  'listTaskManagers',
  'getTaskManager',
  'getTaskManagerMetrics',
  'getAggregatedTaskManagerMetrics',
  'listJobs',
  'getJobsOverview',
  'getJob',
  'getJobStatus',
  'getJobPlan',
  'getJobConfig',
  'getJobExceptions',
  'getJobAccumulators',
  'getJobMetrics',
  'getAggregatedJobMetrics',
  'getVertex',
  'getVertexTaskManagers',
  'getVertexSubtaskTimes',
  'getVertexAccumulators',
  'getVertexBackPressure',
  'getVertexMetrics',
  'getVertexWatermarks',
  'getSubtasksAccumulators',
  'getSubtask',
  'getSubtaskMetrics',
  'getAggregatedSubtaskMetrics',
  'getAttempt',
  'getAttemptAccumulators',
  'getCheckpoints',
  'getCheckpointConfig',
  'getCheckpoint',
  'getTaskCheckpoint',
  'listApplications',
  'getApplication',
  'getApplicationExceptions',
]);

export function isCachedEndpoint({ id }: { readonly id: string }): boolean {
  return cachedEndpoints.has(id);
}
