// What requests that act on jobs share: ids that callers choose, jobs that have ended, operations by id.
import { describeBadBody, type Endpoint, parseParameter, restError } from '@yeoul/contract';
import type { ServerContext } from '../server-context.ts';
import type { OperationView } from '../views/operation-page.ts';
import { hasCode } from './find-job.ts';

/** @throws RestError 400 */
export function readTriggerId({ body }: Pick<Endpoint, 'body'>, given: string | null | undefined): string | undefined {
  if (given === undefined || given === null) return undefined;
  const id = parseParameter({ type: 'hex32' }, given);
  if (id === undefined) throw restError(400, describeBadBody(body?.name ?? ''));
  return String(id);
}

/** @param message undefined: the engine's @throws RestError 404 when the job is unknown or not running any more */
export async function refuseEndedJob<T>(act: () => Promise<T>, message?: string): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (hasCode(error, 'JOB_NOT_FOUND', 'JOB_TERMINATED')) throw restError(404, message ?? error.message, error);
    throw error;
  }
}

export function findOperation(cluster: ServerContext['cluster'], triggerId: string): OperationView | undefined {
  try {
    return cluster.operation(triggerId);
  } catch (error) {
    if (hasCode(error, 'OPERATION_NOT_FOUND')) return undefined;
    throw error;
  }
}
