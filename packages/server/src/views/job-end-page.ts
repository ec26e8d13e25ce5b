// What went wrong in a job, and how it ended. Pure.
import type { jobEndpoints, ResponseOf } from '@yeoul/contract';
import type { ExceptionEntry, JobDetailView, JobResultView } from '@yeoul/engine/runtime';
import { framesOf, toFailureCause } from '../java/failure-cause.ts';
import type { TaskManagerIdentity } from '../server-context.ts';
import { toSerializedAccumulators } from './accumulators.ts';

type ExceptionsPage = ResponseOf<typeof jobEndpoints.getJobExceptions>;
type ResultPage = ResponseOf<typeof jobEndpoints.getJobResult>;

/** @see Apache Flink 1.20, web.exception-history-size */
const DEFAULT_HISTORY_SIZE = 16;

export function toExceptionsPage(
  { exceptions }: JobDetailView,
  taskManager: TaskManagerIdentity,
  maxExceptions: number | undefined,
): ExceptionsPage {
  const { root, entries, truncated } = exceptions;
  const ofTasks = entries.filter(({ taskName }) => taskName !== undefined);
  const shown = ofTasks.slice(0, Math.max(maxExceptions ?? ofTasks.length, 0));
  return {
    'root-exception': root?.stackTrace ?? null,
    timestamp: root?.timestampMs ?? null,
    'all-exceptions': shown.map(({ stackTrace, taskName = '', timestampMs }) => ({
      exception: stackTrace,
      task: taskName,
      location: endpointOf(taskManager),
      timestamp: timestampMs,
      endpoint: endpointOf(taskManager),
      taskManagerId: taskManager.id,
    })),
    truncated: truncated || shown.length < ofTasks.length,
    exceptionHistory: toHistory(exceptions, taskManager, maxExceptions),
  };
}

/** As later versions show it, newest first. The failures of tasks that one of them brought down are no causes, and are not kept. */
function toHistory(
  { entries, truncated }: JobDetailView['exceptions'],
  taskManager: TaskManagerIdentity,
  maxExceptions = DEFAULT_HISTORY_SIZE,
): NonNullable<ExceptionsPage['exceptionHistory']> {
  const shown = entries.slice(0, Math.max(maxExceptions, 0));
  return {
    entries: shown.map((entry) => ({
      exceptionName: entry.name,
      stacktrace: entry.stackTrace,
      timestamp: entry.timestampMs,
      taskName: entry.taskName ?? null,
      endpoint: entry.taskName === undefined ? null : endpointOf(taskManager),
      taskManagerId: entry.taskName === undefined ? null : taskManager.id,
      concurrentExceptions: [],
    })),
    truncated: truncated || shown.length < entries.length,
  };
}

function endpointOf({ host, dataPort }: TaskManagerIdentity): string {
  return `${host}:${dataPort}`;
}

export function toJobResultPage(jobId: string, view: JobResultView): ResultPage {
  if (view.status === 'IN_PROGRESS') return { status: { id: 'IN_PROGRESS' } };
  const { state, result, failure, overview } = view;
  return {
    status: { id: 'COMPLETED' },
    'job-execution-result': {
      id: jobId,
      'application-status': toApplicationStatus(state),
      'accumulator-results': toSerializedAccumulators(result.accumulators),
      'net-runtime': result.netRuntimeMs,
      ...(state === 'FAILED' ? { 'failure-cause': toJobFailure(failure) } : {}),
      name: overview.name,
      'application-id': jobId,
      'start-time': overview.startTimeMs,
      'end-time': overview.endTimeMs,
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
