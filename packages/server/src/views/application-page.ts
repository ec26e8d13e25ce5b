// Applications from jobs: each has one. Pure.
import type { applicationEndpoints, ResponseOf } from '@yeoul/contract';
import type { JobDetailView, JobOverviewView } from '@yeoul/engine/runtime';
import { toOverviewLine, toTimes } from './job-page.ts';
import { toJobStatus } from './states.ts';

type ApplicationLine = ResponseOf<typeof applicationEndpoints.listApplications>['applications'][number];
type ApplicationPage = ResponseOf<typeof applicationEndpoints.getApplication>;
type ExceptionsPage = ResponseOf<typeof applicationEndpoints.getApplicationExceptions>;

/** What is between two runs of the tasks is running as well. */
const statusOfJob = {
  INITIALIZING: 'CREATED',
  CREATED: 'CREATED',
  RECONCILING: 'CREATED',
  RUNNING: 'RUNNING',
  RESTARTING: 'RUNNING',
  SUSPENDED: 'RUNNING',
  FAILING: 'FAILING',
  FAILED: 'FAILED',
  CANCELLING: 'CANCELING',
  CANCELED: 'CANCELED',
  FINISHED: 'FINISHED',
} as const satisfies Record<JobOverviewView['state'], ApplicationLine['status']>;

export function toApplicationLine(job: JobOverviewView): ApplicationLine {
  return {
    id: job.jobId,
    name: job.name,
    ...toTimes(job),
    status: statusOfJob[job.state],
    jobs: { [toJobStatus(job.state)]: 1 },
  };
}

export function toApplicationPage(job: JobDetailView): ApplicationPage {
  const { timestamps } = job;
  return {
    id: job.jobId,
    name: job.name,
    status: statusOfJob[job.state],
    ...toTimes(job),
    timestamps: {
      CREATED: timestamps.INITIALIZING || timestamps.CREATED || timestamps.RECONCILING,
      RUNNING: timestamps.RUNNING,
      FAILING: timestamps.FAILING,
      FAILED: timestamps.FAILED,
      CANCELING: timestamps.CANCELLING,
      CANCELED: timestamps.CANCELED,
      FINISHED: timestamps.FINISHED,
    },
    jobs: [toOverviewLine(job)],
  };
}

/** The failure of its job, once that has failed for good. */
export function toApplicationExceptions({ jobId, state, exceptions: { root } }: JobDetailView): ExceptionsPage {
  if (state !== 'FAILED' || root === undefined) return { exceptionHistory: { entries: [] } };
  const { name, stackTrace, timestampMs } = root;
  const entry = { exceptionName: name, stacktrace: stackTrace, timestamp: timestampMs, jobId };
  return { exceptionHistory: { entries: [entry] } };
}
