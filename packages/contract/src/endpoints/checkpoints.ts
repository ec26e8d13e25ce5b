// Checkpoints of a job.
import { Type } from 'typebox';
import { defineEndpoint } from '../endpoint.ts';
import { Checkpoint, CheckpointConfig, CheckpointStatistics, TaskCheckpointDetails } from '../schemas/checkpoints.ts';
import {
  closed,
  FailureCause,
  jobId,
  Long,
  Nullable,
  QueueStatus,
  TriggerAnswer,
  triggerId,
  triggerIdField,
  vertexId,
} from '../schemas/common.ts';

const checkpointId = { type: 'long', description: 'Id of a checkpoint in the history' } as const;

export const getCheckpoints = defineEndpoint({
  id: 'getCheckpoints',
  method: 'GET',
  path: '/jobs/:jobid/checkpoints',
  summary: 'Counts, summary, latest of each kind, history',
  pathParameters: { jobid: jobId },
  response: CheckpointStatistics,
});

export const getCheckpointConfig = defineEndpoint({
  id: 'getCheckpointConfig',
  method: 'GET',
  path: '/jobs/:jobid/checkpoints/config',
  summary: 'How a job is checkpointed',
  pathParameters: { jobid: jobId },
  response: CheckpointConfig,
});

export const getCheckpoint = defineEndpoint({
  id: 'getCheckpoint',
  method: 'GET',
  path: '/jobs/:jobid/checkpoints/details/:checkpointid',
  summary: 'One checkpoint with a line per task',
  pathParameters: { jobid: jobId, checkpointid: checkpointId },
  response: Checkpoint,
});

export const getTaskCheckpoint = defineEndpoint({
  id: 'getTaskCheckpoint',
  method: 'GET',
  path: '/jobs/:jobid/checkpoints/details/:checkpointid/subtasks/:vertexid',
  summary: 'One checkpoint of one task with a line per subtask',
  pathParameters: { jobid: jobId, checkpointid: checkpointId, vertexid: vertexId },
  response: TaskCheckpointDetails,
});

/** Of later versions. */
export const triggerCheckpoint = defineEndpoint({
  id: 'triggerCheckpoint',
  method: 'POST',
  path: '/jobs/:jobid/checkpoints',
  summary: 'Take a checkpoint now, beside the periodic ones',
  pathParameters: { jobid: jobId },
  body: {
    name: 'CheckpointTriggerRequestBody',
    schema: Type.Object(
      {
        checkpointType: Type.Optional(Nullable(Type.Enum(['CONFIGURED', 'FULL', 'INCREMENTAL']))),
        ...triggerIdField,
      },
      closed,
    ),
    isOptional: true,
  },
  response: TriggerAnswer,
  status: 202,
});

/** Of later versions. */
export const getCheckpointStatus = defineEndpoint({
  id: 'getCheckpointStatus',
  method: 'GET',
  path: '/jobs/:jobid/checkpoints/:triggerid',
  summary: 'How a checkpoint that was asked for stands',
  pathParameters: { jobid: jobId, triggerid: triggerId },
  response: Type.Object({
    status: QueueStatus,
    operation: Nullable(Type.Object({ checkpointId: Type.Optional(Long), failureCause: Type.Optional(FailureCause) })),
  }),
});
