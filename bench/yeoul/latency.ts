// One record at a time at a steady rate, through a keyed exchange; the sink tells how late each one is.
import {
  HistogramAccumulator,
  RichParallelSourceFunction,
  RichSinkFunction,
  type RuntimeContext,
  type SourceContext,
  type StreamExecutionEnvironment,
  type TypeOf,
  Types,
} from 'yeoul';

/** The accumulator: lateness in units of `LATENCY_UNIT_MS` → records. */
export const LATENCY_ACCUMULATOR = 'latency';
export const LATENCY_UNIT_MS = 0.01;

/** Not counted: compilation, and the job's own start. */
const WARM_UP_MS = 1_000;
const TICK_MS = 1;

export interface LatencyOptions {
  readonly parallelism: number;
  /** Over all subtasks. */
  readonly recordsPerSecond: number;
  readonly seconds: number;
  readonly checkpointMs: number;
}

const probeType = Types.row({ key: Types.int, sinceStartMs: Types.double, dueMs: Types.double });
type Probe = TypeOf<typeof probeType>;

export function buildLatency(env: StreamExecutionEnvironment, options: LatencyOptions): void {
  env
    .addSource(new Probes(options.recordsPerSecond, options.seconds))
    .returns(probeType)
    .keyBy((probe) => probe.key, Types.int)
    .map((probe) => probe)
    .returns(probeType)
    .addSink(new LatencySink());
}

/** Monotonic and the same in every thread of the process. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

class Probes extends RichParallelSourceFunction<Probe> {
  readonly #recordsPerSecond: number;
  readonly #seconds: number;

  constructor(recordsPerSecond: number, seconds: number) {
    super();
    this.#recordsPerSecond = recordsPerSecond;
    this.#seconds = seconds;
  }

  /** Emits each record once it is due; its lateness counts from then, so a source that was held up hides nothing. */
  override *run(ctx: SourceContext<Probe>): Generator<Promise<void> | undefined> {
    const { numberOfParallelSubtasks: parallelism } = this.getRuntimeContext();
    const intervalMs = (1000 * parallelism) / this.#recordsPerSecond;
    const count = Math.floor((this.#seconds * 1000) / intervalMs);
    const startMs = monotonicMs();
    for (let i = 0; i < count; i++) {
      const sinceStartMs = i * intervalMs;
      const dueMs = startMs + sinceStartMs;
      while (monotonicMs() < dueMs) yield new Promise((resolve) => setTimeout(resolve, TICK_MS));
      ctx.collect({ key: i % 1000, sinceStartMs, dueMs });
      yield;
    }
  }
}

class LatencySink extends RichSinkFunction<Probe> {
  readonly #latencies = new HistogramAccumulator();

  override open(context: RuntimeContext): void {
    context.addAccumulator(LATENCY_ACCUMULATOR, this.#latencies);
  }

  invoke({ sinceStartMs, dueMs }: Probe): void {
    if (sinceStartMs >= WARM_UP_MS) this.#latencies.add(Math.round((monotonicMs() - dueMs) / LATENCY_UNIT_MS));
  }
}
