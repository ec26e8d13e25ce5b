// Names for the answers that programs pass around.
import type {
  checkpointEndpoints,
  clusterEndpoints,
  jarEndpoints,
  jobEndpoints,
  savepointEndpoints,
  taskManagerEndpoints,
  vertexEndpoints,
} from '@yeoul/contract';
import type { AnswerOf } from './methods/method-types.ts';

export type ClusterConfig = AnswerOf<typeof clusterEndpoints.getConfig>;
export type ClusterOverview = AnswerOf<typeof clusterEndpoints.getOverview>;
export type JobList = AnswerOf<typeof jobEndpoints.listJobs>;
export type JobsOverview = AnswerOf<typeof jobEndpoints.getJobsOverview>;
export type JobOverview = JobsOverview['jobs'][number];
export type JobDetail = AnswerOf<typeof jobEndpoints.getJob>;
export type JobVertex = JobDetail['vertices'][number];
export type JobPlan = AnswerOf<typeof jobEndpoints.getJobPlan>['plan'];
export type JobConfig = AnswerOf<typeof jobEndpoints.getJobConfig>;
export type JobExceptions = AnswerOf<typeof jobEndpoints.getJobExceptions>;
export type JobAccumulators = AnswerOf<typeof jobEndpoints.getJobAccumulators>;
export type JobResult = AnswerOf<typeof jobEndpoints.getJobResult>;
export type MetricList = AnswerOf<typeof jobEndpoints.getJobMetrics>;
export type AggregatedMetricList = AnswerOf<typeof jobEndpoints.getAggregatedJobMetrics>;
export type CheckpointStatistics = AnswerOf<typeof checkpointEndpoints.getCheckpoints>;
export type CheckpointConfig = AnswerOf<typeof checkpointEndpoints.getCheckpointConfig>;
export type Checkpoint = AnswerOf<typeof checkpointEndpoints.getCheckpoint>;
export type TaskCheckpoint = AnswerOf<typeof checkpointEndpoints.getTaskCheckpoint>;
export type VertexDetail = AnswerOf<typeof vertexEndpoints.getVertex>;
export type VertexBackPressure = AnswerOf<typeof vertexEndpoints.getVertexBackPressure>;
export type SavepointStatus = AnswerOf<typeof savepointEndpoints.getSavepointStatus>;
export type DisposalStatus = AnswerOf<typeof savepointEndpoints.getDisposalStatus>;
export type JarList = AnswerOf<typeof jarEndpoints.listJars>;
export type Jar = JarList['files'][number];
export type TaskManagerList = AnswerOf<typeof taskManagerEndpoints.listTaskManagers>;
export type TaskManagerDetail = AnswerOf<typeof taskManagerEndpoints.getTaskManager>;
