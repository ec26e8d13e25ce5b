// Metrics of the process behind the job manager and task manager pages. As in Flink, the first request starts the sampling, and
// answers are empty until the first sample is there: a dashboard that draws rates would take the very first values for a jump.
import type { ServerContext } from '../server-context.ts';
import type { MetricValues } from '../views/metric-page.ts';

/** Flink's first fetch from a task manager takes about as long; its own metrics the job manager has at once. */
const FIRST_SAMPLE_MS = 1000;
const NOTHING: MetricValues = new Map();

export class ProcessMetrics {
  readonly #context: Pick<ServerContext, 'cluster' | 'clock'>;
  #firstAskedMs: number | undefined;

  constructor(context: Pick<ServerContext, 'cluster' | 'clock'>) {
    this.#context = context;
  }

  jobManager(): MetricValues {
    const isFirst = this.#firstAskedMs === undefined;
    this.#isSampled();
    return isFirst ? NOTHING : this.#context.cluster.metrics.jobManager();
  }

  taskManager(): MetricValues {
    return this.#isSampled() ? this.#context.cluster.metrics.taskManager() : NOTHING;
  }

  #isSampled(): boolean {
    const nowMs = this.#context.clock.nowMs();
    this.#firstAskedMs ??= nowMs;
    return nowMs - this.#firstAskedMs >= FIRST_SAMPLE_MS;
  }
}
