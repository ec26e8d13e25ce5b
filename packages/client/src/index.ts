/**
 * Typed client of Flink's REST API, made from the contract: Yeoul's server and Apache Flink 1.9 to 2.3. Runs in Node 20 and later and in
 * browsers; it uses nothing but fetch.
 */
export type {
  AggregatedMetricList,
  Checkpoint,
  CheckpointConfig,
  CheckpointStatistics,
  ClusterConfig,
  ClusterOverview,
  DisposalStatus,
  Jar,
  JarList,
  JobAccumulators,
  JobConfig,
  JobDetail,
  JobExceptions,
  JobList,
  JobOverview,
  JobPlan,
  JobResult,
  JobsOverview,
  JobVertex,
  MetricList,
  SavepointStatus,
  TaskCheckpoint,
  TaskManagerDetail,
  TaskManagerList,
  VertexBackPressure,
  VertexDetail,
} from './answer-types.ts';
export type { FlinkClientOptions } from './client-options.ts';
export { FlinkApiError } from './errors/api-error.ts';
export {
  FlinkArgumentError,
  FlinkClientError,
  FlinkUnsupportedError,
  FlinkValidationError,
} from './errors/client-error.ts';
export {
  type ConnectionFailureKind,
  FlinkConnectionError,
  FlinkOutcomeUnknownError,
} from './errors/connection-error.ts';
export {
  FlinkJobEndedError,
  FlinkOperationError,
  FlinkSavepointTakenError,
  FlinkTimeoutError,
} from './errors/wait-errors.ts';
export {
  type ApplicationMethods,
  type ClusterMethods,
  FlinkClient,
  type JarMethods,
  type JobMethods,
  type SavepointMethods,
  type TaskManagerMethods,
  type VertexMethods,
} from './flink-client.ts';
export type { FlinkVersion } from './flink-version.ts';
export type { ClientClock, Random } from './http/client-clock.ts';
export type { CallRequest, RequestOptions } from './http/connection.ts';
export { isTerminal, type JobStatus, type TerminalJobStatus, terminalJobStatuses } from './job-status.ts';
export type { AnswerOf } from './methods/method-types.ts';
export type { PlanOptions, RunOptions, StartedJob, UploadedJar, UploadOptions } from './operations/jar-operations.ts';
export type { CancelOptions } from './operations/job-operations.ts';
export type { SavepointOptions, StopOptions, Triggered } from './operations/savepoint-operations.ts';
export { validateAnswer } from './validate-answer.ts';
export type { CheckpointOptions, CheckpointResult } from './waiters/checkpoint-waiters.ts';
export type { WaitOptions } from './waiters/poll.ts';
export type { SavepointResult } from './waiters/savepoint-waiters.ts';
