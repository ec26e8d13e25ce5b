// Savepoints: triggered here, carried out by the engine, asked for by trigger id.
import { restError, savepointEndpoints } from '@yeoul/contract';
import { type Route, route } from '../http/route.ts';
import { describeJobOperationKey, describeOperationKey } from '../java/operation-key.ts';
import type { ServerContext } from '../server-context.ts';
import { type OperationView, toDisposalStatusPage, toSavepointStatusPage } from '../views/operation-page.ts';
import { findOperation, readTriggerId, refuseEndedJob } from './trigger-operation.ts';

export function savepointRoutes({ cluster, savepointPlaces }: ServerContext): readonly Route[] {
  return [
    route(savepointEndpoints.triggerSavepoint, async ({ path: { jobid }, body }) => {
      const triggerId = readTriggerId(savepointEndpoints.triggerSavepoint, body.triggerId);
      const directory = body['target-directory'] ?? undefined;
      if (directory !== undefined) await savepointPlaces?.check(directory);
      const request = { directory, cancelJob: body['cancel-job'] ?? false, triggerId };
      return { 'request-id': await refuseEndedJob(() => cluster.triggerSavepoint(jobid, request)) };
    }),
    route(savepointEndpoints.stopWithSavepoint, async ({ path: { jobid }, body }) => {
      const triggerId = readTriggerId(savepointEndpoints.stopWithSavepoint, body.triggerId);
      const directory = body.targetDirectory ?? undefined;
      if (directory !== undefined) await savepointPlaces?.check(directory);
      const request = { directory, drain: body.drain ?? false, triggerId };
      return { 'request-id': await refuseEndedJob(() => cluster.stopWithSavepoint(jobid, request)) };
    }),
    route(savepointEndpoints.getSavepointStatus, ({ path: { jobid, triggerid } }) => {
      const operation = findOperation(cluster, triggerid);
      if (operation === undefined || !isOfSavepoint(operation) || operation.jobId !== jobid) {
        throw restError(404, `Operation not found under key: ${describeJobOperationKey(jobid, triggerid)}`);
      }
      return toSavepointStatusPage(operation);
    }),
    route(savepointEndpoints.disposeSavepoint, async ({ body }) => {
      const triggerId = readTriggerId(savepointEndpoints.disposeSavepoint, body.triggerId);
      const path = body['savepoint-path'];
      if (path === undefined || path === null) {
        throw restError(400, 'Field savepoint-path must not be omitted or be null.');
      }
      await savepointPlaces?.check(path);
      return { 'request-id': await cluster.disposeSavepoint(path, triggerId) };
    }),
    route(savepointEndpoints.getDisposalStatus, ({ path: { triggerid } }) => {
      const operation = findOperation(cluster, triggerid);
      if (operation?.kind !== 'savepoint-disposal') {
        throw restError(404, `Operation not found under key: ${describeOperationKey(triggerid)}`);
      }
      return toDisposalStatusPage(operation);
    }),
  ];
}

function isOfSavepoint({ kind }: OperationView): boolean {
  return kind !== 'savepoint-disposal' && kind !== 'checkpoint';
}
