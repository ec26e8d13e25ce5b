// What pages show beside the facts of their job.
import type { ServerContext, TaskManagerIdentity } from '../server-context.ts';

export interface PageTime {
  readonly nowMs: number;
  /** How often metrics are fetched; 0: never. @see Apache Flink, metrics.fetcher.update-interval */
  readonly fetchIntervalMs: number;
}

export interface PageContext extends PageTime {
  readonly taskManager: TaskManagerIdentity;
}

export function toPageContext({
  cluster,
  clock,
  taskManager,
}: Pick<ServerContext, 'cluster' | 'clock' | 'taskManager'>): PageContext {
  return { taskManager, nowMs: clock.nowMs(), fetchIntervalMs: cluster.metrics.updateIntervalMs };
}
