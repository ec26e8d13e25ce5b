// Vertices, their subtasks and attempts.
import { vertexEndpoints } from '@yeoul/contract';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import { toUserAccumulators } from '../views/accumulators.ts';
import { toBackPressurePage } from '../views/back-pressure-page.ts';
import { parseSubtasks, toAggregateLines } from '../views/metric-aggregates.ts';
import { toMetricLines } from '../views/metric-page.ts';
import { toPageContext } from '../views/page-context.ts';
import {
  toAttemptPage,
  toSubtasksAccumulatorsPage,
  toSubtaskTimesPage,
  toTaskManagersPage,
  toVertexPage,
} from '../views/vertex-page.ts';
import { findAttempt, findJob, findSubtask, findVertex } from './find-job.ts';

export function vertexRoutes(context: ServerContext): readonly Route[] {
  return [...pageRoutes(context), ...metricRoutes(context)];
}

function pageRoutes(context: ServerContext): readonly Route[] {
  const page = () => toPageContext(context);
  const describeMissing = (id: string) => `JobVertex ${id} not found`;
  return [
    route(vertexEndpoints.getVertex, ({ path }) => toVertexPage(findVertex(context, path, describeMissing), page())),
    route(vertexEndpoints.getVertexTaskManagers, ({ path }) =>
      toTaskManagersPage(findVertex(context, path, describeMissing), page()),
    ),
    route(vertexEndpoints.getVertexSubtaskTimes, ({ path }) => toSubtaskTimesPage(findVertex(context, path), page())),
    route(vertexEndpoints.getVertexAccumulators, ({ path }) => {
      const { id, accumulators } = findVertex(context, path);
      return { id, 'user-accumulators': toUserAccumulators(accumulators) };
    }),
    route(vertexEndpoints.getSubtasksAccumulators, ({ path }) =>
      toSubtasksAccumulatorsPage(findVertex(context, path), context.taskManager),
    ),
    route(vertexEndpoints.getSubtask, ({ path }) =>
      toAttemptPage(path.subtaskindex, findSubtask(context, path), page()),
    ),
    route(vertexEndpoints.getAttempt, ({ path }) =>
      toAttemptPage(path.subtaskindex, findAttempt(context, path), page()),
    ),
    route(vertexEndpoints.getAttemptAccumulators, ({ path }) => {
      const { attempt, executionId, accumulators } = findAttempt(context, path);
      const lines = toUserAccumulators(accumulators);
      return { subtask: path.subtaskindex, attempt, id: executionId, 'user-accumulators': lines };
    }),
  ];
}

function metricRoutes(context: ServerContext): readonly Route[] {
  const { cluster, clock } = context;
  return [
    route(vertexEndpoints.getVertexBackPressure, ({ path }) => {
      const isRunning = findJob(context, path.jobid).state === 'RUNNING';
      const vertex = findVertex(context, path);
      const metrics = cluster.metrics.subtasks(path.jobid, path.vertexid);
      return toBackPressurePage(vertex, isRunning ? metrics : [], clock.nowMs());
    }),
    route(vertexEndpoints.getVertexMetrics, ({ path, query }) =>
      toMetricLines(cluster.metrics.vertex(path.jobid, path.vertexid), query.get),
    ),
    route(vertexEndpoints.getVertexWatermarks, ({ path }) => {
      const { subtasks } = findVertex(context, path);
      const ids = subtasks.map((_, index) => `${index}.currentInputWatermark`);
      return toMetricLines(cluster.metrics.vertex(path.jobid, path.vertexid), ids);
    }),
    route(vertexEndpoints.getSubtaskMetrics, ({ path, query }) =>
      toMetricLines(cluster.metrics.subtask(path.jobid, path.vertexid, path.subtaskindex), query.get),
    ),
    route(vertexEndpoints.getAggregatedSubtaskMetrics, ({ path, query }) => {
      const chosen = query.subtasks === undefined ? undefined : parseSubtasks(query.subtasks);
      const sources = cluster.metrics.subtasks(path.jobid, path.vertexid, chosen);
      return toAggregateLines(sources, query.get, query.agg);
    }),
  ];
}
