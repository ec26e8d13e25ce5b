// Jobs as a whole.
import { jobEndpoints, restError } from '@yeoul/contract';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import { toSerializedAccumulators, toUserAccumulators } from '../views/accumulators.ts';
import { toJobConfigPage } from '../views/job-config-page.ts';
import { toExceptionsPage, toJobResultPage } from '../views/job-end-page.ts';
import { toJobPage, toOverviewLine, toPlan } from '../views/job-page.ts';
import { toAggregateLines } from '../views/metric-aggregates.ts';
import { toMetricLines } from '../views/metric-page.ts';
import { toPageContext } from '../views/page-context.ts';
import { toJobStatus } from '../views/states.ts';
import { findJob, hasCode } from './find-job.ts';
import { refuseEndedJob } from './trigger-operation.ts';

const STOP_REMOVED =
  'The termination mode "stop" has been removed. For an ungraceful shutdown, please use "cancel" instead. For a graceful shutdown, please use "jobs/:jobId/stop" instead.';
const RESCALING_DISABLED = 'Rescaling is temporarily disabled. See FLINK-12312.';

export function jobRoutes(context: ServerContext): readonly Route[] {
  return [...listRoutes(context), ...pageRoutes(context), ...metricRoutes(context), ...endRoutes(context)];
}

function listRoutes({ cluster }: ServerContext): readonly Route[] {
  return [
    route(jobEndpoints.listJobs, () => ({
      jobs: cluster.listJobs().map(({ jobId, state }) => ({ id: jobId, status: toJobStatus(state) })),
    })),
    route(jobEndpoints.getJobsOverview, () => ({ jobs: cluster.listJobs().map(toOverviewLine) })),
  ];
}

function pageRoutes(context: ServerContext): readonly Route[] {
  const { cluster, taskManager } = context;
  return [
    route(jobEndpoints.getJob, ({ path }) => toJobPage(findJob(context, path.jobid), toPageContext(context))),
    route(jobEndpoints.getJobStatus, ({ path }) => ({ status: toJobStatus(findJob(context, path.jobid).state) })),
    route(jobEndpoints.getJobPlan, ({ path }) => ({ plan: toPlan(findJob(context, path.jobid)) })),
    route(jobEndpoints.getJobConfig, ({ path }) => toJobConfigPage(findJob(context, path.jobid))),
    route(jobEndpoints.getJobExceptions, ({ path, query }) =>
      toExceptionsPage(findJob(context, path.jobid), taskManager, query.maxExceptions),
    ),
    route(jobEndpoints.getJobAccumulators, ({ path, query }) => {
      const { accumulators } = findJob(context, path.jobid);
      const values = Object.fromEntries(accumulators.map(({ name, value }) => [name, value]));
      return {
        'job-accumulators': [],
        'user-task-accumulators': toUserAccumulators(accumulators),
        'serialized-user-task-accumulators':
          query.includeSerializedValue === true ? toSerializedAccumulators(values) : {},
      };
    }),
    route(jobEndpoints.getJobResult, ({ path: { jobid } }) => {
      try {
        return toJobResultPage(jobid, cluster.requestJobResult(jobid));
      } catch (error) {
        if (!hasCode(error, 'JOB_NOT_FOUND')) throw error;
        const name = 'org.apache.flink.runtime.messages.FlinkJobNotFoundException';
        throw restError(404, `${name}: Could not find Flink job (${jobid})`, error);
      }
    }),
  ];
}

function metricRoutes({ cluster }: ServerContext): readonly Route[] {
  return [
    route(jobEndpoints.getJobMetrics, ({ path, query }) => toMetricLines(cluster.metrics.job(path.jobid), query.get)),
    route(jobEndpoints.getAggregatedJobMetrics, ({ query }) => {
      const jobIds = query.jobs ?? cluster.listJobs().map(({ jobId }) => jobId);
      const sources = jobIds.map((jobId) => cluster.metrics.job(jobId)).filter(({ size }) => size > 0);
      return toAggregateLines(sources, query.get, query.agg);
    }),
  ];
}

function endRoutes({ cluster }: ServerContext): readonly Route[] {
  const cancel = async (jobId: string): Promise<Record<never, never>> => {
    await refuseEndedJob(() => cluster.cancel(jobId), 'Job could not be found.');
    return {};
  };
  const refuse = (status: number, message: string) => () => {
    throw restError(status, message);
  };
  return [
    route(jobEndpoints.cancelJob, ({ path, query }) => {
      if (query.mode?.[0] === 'stop') throw restError(308, STOP_REMOVED);
      return cancel(path.jobid);
    }),
    route(jobEndpoints.cancelJobByGet, ({ path }) => cancel(path.jobid)),
    route(jobEndpoints.stopJobByGet, refuse(308, STOP_REMOVED)),
    route(jobEndpoints.rescaleJob, refuse(503, RESCALING_DISABLED)),
    route(jobEndpoints.getRescaling, refuse(503, RESCALING_DISABLED)),
  ];
}
