// What went wrong in a job, and how it ended. Pure.
import type { jobEndpoints, ResponseOf } from '@yeoul/contract';
import type { ExceptionEntry, JobDetailView, JobResultView } from '@yeoul/engine/runtime';
import { framesOf, toFailureCause } from '../java/failure-cause.ts';
import type { TaskManagerIdentity } from '../server-context.ts';
import { toSerializedAccumulators } from './accumulators.ts';

type ResultPage = ResponseOf<typeof jobEndpoints.getJobResult>;

export function toExceptionsPage(
  { exceptions }: JobDetailView,
  { host, dataPort }: TaskManagerIdentity,
  maxExceptions: number | undefined,
): ResponseOf<typeof jobEndpoints.getJobExceptions> {
  const { root, entries, truncated } = exceptions;
  const ofTasks = entries.filter(({ taskName }) => taskName !== undefined);
  const shown = ofTasks.slice(0, Math.max(maxExceptions ?? ofTasks.length, 0));
  return {
    'root-exception': root?.stackTrace ?? null,
    timestamp: root?.timestampMs ?? null,
    'all-exceptions': shown.map(({ stackTrace, taskName = '', timestampMs }) => ({
      exception: stackTrace,
      task: taskName,
      location: `${host}:${dataPort}`,
      timestamp: timestampMs,
    })),
    truncated: truncated || shown.length < ofTasks.length,
  };
}

export function toJobResultPage(jobId: string, view: JobResultView): ResultPage {
  if (view.status === 'IN_PROGRESS') return { status: { id: 'IN_PROGRESS' } };
  const { state, result, failure } = view;
  return {
    status: { id: 'COMPLETED' },
    'job-execution-result': {
      id: jobId,
      'application-status': toApplicationStatus(state),
      'accumulator-results': toSerializedAccumulators(result.accumulators),
      'net-runtime': result.netRuntimeMs,
      ...(state === 'FAILED' ? { 'failure-cause': toJobFailure(failure) } : {}),
    },
  };
}

function toApplicationStatus(
  state: JobDetailView['state'],
): NonNullable<ResultPage['job-execution-result']>['application-status'] {
  if (state === 'FINISHED') return 'SUCCEEDED';
  return state === 'FAILED' || state === 'CANCELED' ? state : 'UNKNOWN';
}

function toJobFailure(failure: ExceptionEntry | undefined) {
  const job = {
    className: 'org.apache.flink.runtime.client.JobExecutionException',
    message: 'Job execution failed.',
  };
  if (failure === undefined) return toFailureCause([job]);
  const { name, message, stackTrace } = failure;
  return toFailureCause([job, { className: name, message, frames: framesOf(stackTrace) }]);
}
