// Savepoints: trigger, cancel or stop with one, dispose; each answered by polling.
import { Type } from 'typebox';
import { defineEndpoint } from '../endpoint.ts';
import {
  closed,
  Empty,
  FailureCause,
  jobId,
  Nullable,
  QueueStatus,
  TriggerAnswer,
  triggerId,
  triggerIdField,
} from '../schemas/common.ts';

const Text = Type.Optional(Nullable(Type.String()));
const Flag = Type.Optional(Nullable(Type.Boolean()));
/** Of later versions. There is one format here; it can do all that either of theirs can. */
const formatField = { formatType: Type.Optional(Nullable(Type.Enum(['CANONICAL', 'NATIVE']))) };

export const triggerSavepoint = defineEndpoint({
  id: 'triggerSavepoint',
  method: 'POST',
  path: '/jobs/:jobid/savepoints',
  summary: 'Take a savepoint, and cancel the job after it if asked',
  pathParameters: { jobid: jobId },
  body: {
    name: 'SavepointTriggerRequestBody',
    schema: Type.Object({ 'target-directory': Text, 'cancel-job': Flag, ...formatField, ...triggerIdField }, closed),
    isOptional: false,
  },
  response: TriggerAnswer,
  status: 202,
});

export const stopWithSavepoint = defineEndpoint({
  id: 'stopWithSavepoint',
  method: 'POST',
  path: '/jobs/:jobid/stop',
  summary: 'Stop a job with a savepoint; with drain, to its end',
  pathParameters: { jobid: jobId },
  body: {
    name: 'StopWithSavepointRequestBody',
    schema: Type.Object({ targetDirectory: Text, drain: Flag, ...formatField, ...triggerIdField }, closed),
    isOptional: false,
  },
  response: TriggerAnswer,
  status: 202,
});

export const getSavepointStatus = defineEndpoint({
  id: 'getSavepointStatus',
  method: 'GET',
  path: '/jobs/:jobid/savepoints/:triggerid',
  summary: 'How a savepoint or a stop stands',
  pathParameters: { jobid: jobId, triggerid: triggerId },
  response: Type.Object({
    status: QueueStatus,
    operation: Nullable(
      Type.Object({ location: Type.Optional(Type.String()), 'failure-cause': Type.Optional(FailureCause) }),
    ),
  }),
});

export const disposeSavepoint = defineEndpoint({
  id: 'disposeSavepoint',
  method: 'POST',
  path: '/savepoint-disposal',
  summary: 'Delete a savepoint',
  body: {
    name: 'SavepointDisposalRequest',
    schema: Type.Object({ 'savepoint-path': Text, ...triggerIdField }, closed),
    isOptional: true,
  },
  response: TriggerAnswer,
});

export const getDisposalStatus = defineEndpoint({
  id: 'getDisposalStatus',
  method: 'GET',
  path: '/savepoint-disposal/:triggerid',
  summary: 'How a deletion stands',
  pathParameters: { triggerid: triggerId },
  response: Type.Object({
    status: QueueStatus,
    operation: Nullable(Type.Union([Type.Object({ 'failure-cause': FailureCause }), Empty])),
  }),
});
