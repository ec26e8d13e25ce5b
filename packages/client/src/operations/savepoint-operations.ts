// Savepoints: fields by version, and operations that are found again when the answer to their trigger is lost.
import { savepointEndpoints } from '@yeoul/contract';
import type { CallRequest, RequestOptions } from '../http/connection.ts';
import { callEndpoint } from '../methods/bind-methods.ts';
import { orLookUp } from './look-up.ts';
import type { OperationContext } from './operation-context.ts';

interface TriggerOptions extends RequestOptions {
  /** Default: the cluster's `state.savepoints.dir`. */
  readonly targetDirectory?: string | undefined;
  /** Flink 1.15 and later; default CANONICAL. */
  readonly formatType?: 'CANONICAL' | 'NATIVE' | undefined;
  /** Chosen by the caller, 32 hex digits; Flink 1.15 and later, Yeoul. Default: one of the client's where the server takes it. */
  readonly triggerId?: string | undefined;
}

export interface SavepointOptions extends TriggerOptions {
  /** Cancel the job after the savepoint. */
  readonly cancelJob?: boolean | undefined;
}

export interface StopOptions extends TriggerOptions {
  /** Let event time run to its end first: windows and timers fire. For jobs that are not to be resumed. */
  readonly drain?: boolean | undefined;
}

/** An operation that was begun. */
export interface Triggered {
  /** Of the operation; the wire's `request-id`. */
  readonly triggerId: string;
  readonly 'request-id': string;
}

export interface SavepointOperations {
  /** Begins a savepoint; `waitForSavepoint` waits for it. */
  trigger(jobId: string, options?: SavepointOptions): Promise<Triggered>;
  /** Begins a stop with a savepoint; `waitForSavepoint` waits for it. */
  stop(jobId: string, options?: StopOptions): Promise<Triggered>;
  /** Begins the deletion of a savepoint; `waitForDisposal` waits for it. */
  dispose(savepointPath: string, options?: RequestOptions): Promise<Triggered>;
}

export function createSavepointOperations(context: OperationContext): SavepointOperations {
  return {
    trigger(jobId, { targetDirectory, cancelJob = false, ...options } = {}) {
      const body = { 'target-directory': targetDirectory, 'cancel-job': cancelJob };
      return trigger(context, savepointEndpoints.triggerSavepoint, jobId, body, options);
    },
    stop(jobId, { targetDirectory, drain = false, ...options } = {}) {
      return trigger(context, savepointEndpoints.stopWithSavepoint, jobId, { targetDirectory, drain }, options);
    },
    dispose: (savepointPath, options = {}) => dispose(context, savepointPath, options),
  };
}

type TriggerEndpoint = typeof savepointEndpoints.triggerSavepoint | typeof savepointEndpoints.stopWithSavepoint;

async function trigger(
  context: OperationContext,
  endpoint: TriggerEndpoint,
  jobId: string,
  body: Readonly<Record<string, unknown>>,
  { formatType, triggerId: wantedId, ...options }: TriggerOptions,
): Promise<Triggered> {
  const { connection, versions } = context;
  await versions.require('formatType', 'choice of formatType', formatType, options);
  await versions.require('triggerId', 'choice of triggerId', wantedId, options);
  const triggerId = (await versions.has('triggerId', options))
    ? (wantedId ?? connection.options.createId())
    : undefined;
  const request: CallRequest = { ...options, path: { jobid: jobId }, body: { ...body, formatType, triggerId } };
  return orLookUp(context, async () => toTriggered(await callEndpoint(connection, endpoint, request)), {
    options,
    jobId,
    triggerId,
    find: triggerId === undefined ? undefined : () => findOperation(context, jobId, triggerId, options),
  });
}

async function findOperation(
  { connection }: OperationContext,
  jobId: string,
  triggerId: string,
  options: RequestOptions,
) {
  const path = { jobid: jobId, triggerid: triggerId };
  await connection.call(savepointEndpoints.getSavepointStatus, { ...options, path });
  return toTriggered({ 'request-id': triggerId });
}

async function dispose(context: OperationContext, savepointPath: string, options: RequestOptions): Promise<Triggered> {
  const request = { ...options, body: { 'savepoint-path': savepointPath } };
  return toTriggered(await callEndpoint(context.connection, savepointEndpoints.disposeSavepoint, request));
}

function toTriggered(answer: { readonly 'request-id': string }): Triggered {
  return { triggerId: answer['request-id'], 'request-id': answer['request-id'] };
}
