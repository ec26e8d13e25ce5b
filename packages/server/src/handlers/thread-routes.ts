// What threads are doing: dumps, and flame graphs of vertices.
import { clusterEndpoints, restError, taskManagerEndpoints, vertexEndpoints } from '@yeoul/contract';
import type { ThreadView } from '@yeoul/engine/runtime';
import { FlameGraphs } from '../flame-graphs.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import { toFlameGraph } from '../views/flame-graph.ts';
import { findJob, findSubtask, findVertex } from './find-job.ts';

/** Instead of a time. @see Apache Flink, VertexFlameGraph.terminated, disabled, waiting */
const NoGraph = { terminated: -1, disabled: -2, waiting: -3 } as const;

export function threadRoutes(context: ServerContext): readonly Route[] {
  const { taskManager, threads } = context;
  const dump = async (belongs: (thread: ThreadView) => boolean) => {
    const found = (await threads?.dump()) ?? [];
    return {
      threadInfos: found.filter(belongs).map(({ name, text }) => ({ threadName: name, stringifiedThreadInfo: text })),
    };
  };
  return [
    route(clusterEndpoints.getJobManagerThreadDump, () => dump(({ slotIndex }) => slotIndex === undefined)),
    route(taskManagerEndpoints.getTaskManagerThreadDump, ({ path }) => {
      if (path.taskmanagerid === taskManager.id) return dump(({ slotIndex }) => slotIndex !== undefined);
      throw restError(
        404,
        `No TaskExecutor registered under ${path.taskmanagerid}: the one there is has the id ${taskManager.id}`,
      );
    }),
    flameGraphRoute(context),
  ];
}

function flameGraphRoute(context: ServerContext): Route {
  const { clock, flameGraph, threads } = context;
  const graphs =
    flameGraph === undefined || threads === undefined
      ? undefined
      : new FlameGraphs(threads, flameGraph, () => clock.nowMs());
  return route(vertexEndpoints.getVertexFlameGraph, ({ path, query }) => {
    const vertex = findVertex(context, path);
    const { subtaskindex, type = 'full' } = query;
    const subtasks = subtaskindex === undefined ? vertex.subtasks : [findSubtask(context, { ...path, subtaskindex })];
    if (graphs === undefined) return { endTimestamp: NoGraph.disabled };
    if (findJob(context, path.jobid).endTimeMs >= 0) return { endTimestamp: NoGraph.terminated };
    const samples = graphs.samplesOf(path.jobid);
    if (samples === undefined) return { endTimestamp: NoGraph.waiting };
    const taken = subtasks.flatMap(({ subtask }) => samples.taskSamples(vertex.id, subtask));
    return { endTimestamp: samples.endedAtMs, data: toFlameGraph(taken, type, graphs.options.maxDepth) };
  });
}
