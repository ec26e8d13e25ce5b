// Every endpoint of the contract by group and method name. Arguments, options and answers follow from the endpoints; a test holds that none
// is missing. What a version difference needs more is in src/operations, which takes the place of the plain method.
import {
  applicationEndpoints,
  checkpointEndpoints,
  clusterEndpoints,
  jarEndpoints,
  jobEndpoints,
  savepointEndpoints,
  taskManagerEndpoints,
  vertexEndpoints,
} from '@yeoul/contract';

export const clusterMethods = {
  config: clusterEndpoints.getConfig,
  overview: clusterEndpoints.getOverview,
  jobManagerConfig: clusterEndpoints.getJobManagerConfig,
  jobManagerEnvironment: clusterEndpoints.getJobManagerEnvironment,
  jobManagerMetrics: clusterEndpoints.getJobManagerMetrics,
  jobManagerLog: clusterEndpoints.getJobManagerLog,
  jobManagerStdout: clusterEndpoints.getJobManagerStdout,
  jobManagerLogs: clusterEndpoints.getJobManagerLogs,
  jobManagerLogFile: clusterEndpoints.getJobManagerLogFile,
  jobManagerThreadDump: clusterEndpoints.getJobManagerThreadDump,
  openApi: clusterEndpoints.getOpenApiDocument,
  shutDown: clusterEndpoints.shutDownCluster,
} as const;

export const taskManagerMethods = {
  list: taskManagerEndpoints.listTaskManagers,
  get: taskManagerEndpoints.getTaskManager,
  metrics: taskManagerEndpoints.getTaskManagerMetrics,
  aggregatedMetrics: taskManagerEndpoints.getAggregatedTaskManagerMetrics,
  log: taskManagerEndpoints.getTaskManagerLog,
  stdout: taskManagerEndpoints.getTaskManagerStdout,
  logs: taskManagerEndpoints.getTaskManagerLogs,
  logFile: taskManagerEndpoints.getTaskManagerLogFile,
  threadDump: taskManagerEndpoints.getTaskManagerThreadDump,
} as const;

export const jobMethods = {
  list: jobEndpoints.listJobs,
  overview: jobEndpoints.getJobsOverview,
  get: jobEndpoints.getJob,
  status: jobEndpoints.getJobStatus,
  plan: jobEndpoints.getJobPlan,
  config: jobEndpoints.getJobConfig,
  exceptions: jobEndpoints.getJobExceptions,
  accumulators: jobEndpoints.getJobAccumulators,
  result: jobEndpoints.getJobResult,
  metrics: jobEndpoints.getJobMetrics,
  aggregatedMetrics: jobEndpoints.getAggregatedJobMetrics,
  checkpoints: checkpointEndpoints.getCheckpoints,
  checkpointConfig: checkpointEndpoints.getCheckpointConfig,
  checkpoint: checkpointEndpoints.getCheckpoint,
  taskCheckpoint: checkpointEndpoints.getTaskCheckpoint,
  triggerCheckpoint: checkpointEndpoints.triggerCheckpoint,
  checkpointStatus: checkpointEndpoints.getCheckpointStatus,
  eventTicket: jobEndpoints.createEventTicket,
  cancel: jobEndpoints.cancelJob,
  cancelByGet: jobEndpoints.cancelJobByGet,
  stopByGet: jobEndpoints.stopJobByGet,
  rescale: jobEndpoints.rescaleJob,
  rescaling: jobEndpoints.getRescaling,
  resourceRequirements: jobEndpoints.getResourceRequirements,
  setResourceRequirements: jobEndpoints.putResourceRequirements,
  heartbeat: jobEndpoints.beatForClient,
  jobManagerConfig: jobEndpoints.getJobJobManagerConfig,
  jobManagerEnvironment: jobEndpoints.getJobJobManagerEnvironment,
  jobManagerLogUrl: jobEndpoints.getJobJobManagerLogUrl,
} as const;

export const vertexMethods = {
  get: vertexEndpoints.getVertex,
  accumulators: vertexEndpoints.getVertexAccumulators,
  backPressure: vertexEndpoints.getVertexBackPressure,
  flameGraph: vertexEndpoints.getVertexFlameGraph,
  metrics: vertexEndpoints.getVertexMetrics,
  watermarks: vertexEndpoints.getVertexWatermarks,
  subtaskTimes: vertexEndpoints.getVertexSubtaskTimes,
  taskManagers: vertexEndpoints.getVertexTaskManagers,
  subtasksAccumulators: vertexEndpoints.getSubtasksAccumulators,
  subtasksMetrics: vertexEndpoints.getAggregatedSubtaskMetrics,
  subtask: vertexEndpoints.getSubtask,
  subtaskMetrics: vertexEndpoints.getSubtaskMetrics,
  attempt: vertexEndpoints.getAttempt,
  attemptAccumulators: vertexEndpoints.getAttemptAccumulators,
} as const;

export const savepointMethods = {
  trigger: savepointEndpoints.triggerSavepoint,
  stop: savepointEndpoints.stopWithSavepoint,
  status: savepointEndpoints.getSavepointStatus,
  dispose: savepointEndpoints.disposeSavepoint,
  disposal: savepointEndpoints.getDisposalStatus,
} as const;

export const jarMethods = {
  list: jarEndpoints.listJars,
  upload: jarEndpoints.uploadJar,
  plan: jarEndpoints.planJar,
  run: jarEndpoints.runJar,
  delete: jarEndpoints.deleteJar,
} as const;

/** Of Flink 2.3 and of Yeoul. */
export const applicationMethods = {
  list: applicationEndpoints.listApplications,
  get: applicationEndpoints.getApplication,
  exceptions: applicationEndpoints.getApplicationExceptions,
  config: applicationEndpoints.getApplicationConfig,
  cancel: applicationEndpoints.cancelApplication,
} as const;
