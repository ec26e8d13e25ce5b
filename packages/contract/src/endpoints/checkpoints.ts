// Checkpoints of a job.
import { defineEndpoint } from '../endpoint.ts';
import { Checkpoint, CheckpointConfig, CheckpointStatistics, TaskCheckpointDetails } from '../schemas/checkpoints.ts';
import { jobId, vertexId } from '../schemas/common.ts';

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
