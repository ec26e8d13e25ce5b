// Settings of a job that are not of one operator.
import { appError } from '../errors.ts';
import type { ExecutionConfigData, ExecutionDefaults, RestartStrategyConfig } from '../graph/job-graph.ts';
import { checkParallelism } from '../graph/max-parallelism.ts';
import { ParameterTool } from './parameter-tool.ts';
import { type TimeLike, toMilliseconds } from './time.ts';

// 200 ms: Flink's default for event time.
const DEFAULT_AUTO_WATERMARK_INTERVAL_MS = 200;
// 100 ms: Flink's default; the longest a record waits in a half-full buffer.
const DEFAULT_BUFFER_TIMEOUT_MS = 100;

export type GlobalJobParameters = Readonly<Record<string, string>> | ParameterTool;

export class ExecutionConfig {
  #parallelism: number;
  #maxParallelism: number | undefined;
  #objectReuse = false;
  #autoWatermarkIntervalMs = DEFAULT_AUTO_WATERMARK_INTERVAL_MS;
  #latencyTrackingIntervalMs = 0;
  #bufferTimeoutMs: number | undefined;
  #globalJobParameters: Readonly<Record<string, string>> = {};
  #restartStrategy: RestartStrategyConfig | undefined;
  #stateBackend: 'heap' | 'disk' | undefined;

  /** @param defaults of the cluster, checked */
  constructor(parallelism: number, stateBackend: 'heap' | 'disk' | undefined, defaults: ExecutionDefaults = {}) {
    this.#parallelism = checkParallelism(parallelism, 'parallelism of the environment', defaults.maxParallelism);
    this.#stateBackend = stateBackend;
    this.#maxParallelism = defaults.maxParallelism;
    this.#objectReuse = defaults.objectReuse ?? this.#objectReuse;
    this.#autoWatermarkIntervalMs = defaults.autoWatermarkIntervalMs ?? this.#autoWatermarkIntervalMs;
    this.#latencyTrackingIntervalMs = defaults.latencyTrackingIntervalMs ?? this.#latencyTrackingIntervalMs;
    this.#bufferTimeoutMs = defaults.bufferTimeoutMs;
    this.#restartStrategy = defaults.restartStrategy;
  }

  getParallelism(): number {
    return this.#parallelism;
  }

  setParallelism(parallelism: number): this {
    this.#parallelism = checkParallelism(parallelism, 'parallelism of the environment', this.#maxParallelism);
    return this;
  }

  getMaxParallelism(): number | undefined {
    return this.#maxParallelism;
  }

  /** Number of key groups of operators that do not set their own, 1..32768; fixed for the life of the state. */
  setMaxParallelism(maxParallelism: number): this {
    this.#maxParallelism = checkParallelism(maxParallelism, 'max parallelism of the environment');
    return this;
  }

  /**
   * Kept and shown with the job, and without effect: here records are never copied within a slot, as in Flink with object
   * reuse. Chained operators, and tasks of one slot, are handed the very object, possibly several of them the same one; only on
   * the way to another slot a record becomes a copy. So a function must not change a record after it emitted it, nor its
   * input; keeping one (in a field, in state) is fine as long as nobody changes it.
   */
  enableObjectReuse(): this {
    this.#objectReuse = true;
    return this;
  }

  disableObjectReuse(): this {
    this.#objectReuse = false;
    return this;
  }

  isObjectReuseEnabled(): boolean {
    return this.#objectReuse;
  }

  /** How often periodic watermarks are asked for; 0: never. */
  setAutoWatermarkInterval(interval: TimeLike): this {
    this.#autoWatermarkIntervalMs = toMilliseconds(interval, 'auto watermark interval', 0);
    return this;
  }

  getAutoWatermarkInterval(): number {
    return this.#autoWatermarkIntervalMs;
  }

  /** How often sources send latency markers; 0: never. */
  setLatencyTrackingInterval(interval: TimeLike): this {
    this.#latencyTrackingIntervalMs = toMilliseconds(interval, 'latency tracking interval', 0);
    return this;
  }

  getLatencyTrackingInterval(): number {
    return this.#latencyTrackingIntervalMs;
  }

  /**
   * Longest wait of a record in a partly filled batch on its way to another slot. Without this batches end with the turn of the
   * slot, after 4 ms at most: a longer time makes batches larger where records come slowly. Within a slot nothing waits.
   * @param timeout -1: only full batches are sent (and all at a barrier); 0: every record at once, which costs throughput
   */
  setBufferTimeout(timeout: TimeLike): this {
    this.#bufferTimeoutMs = toMilliseconds(timeout, 'buffer timeout', -1);
    return this;
  }

  getBufferTimeout(): number {
    return this.#bufferTimeoutMs ?? DEFAULT_BUFFER_TIMEOUT_MS;
  }

  /** Shown with the job, and read by functions from their runtime context. */
  setGlobalJobParameters(parameters: GlobalJobParameters): this {
    this.#globalJobParameters = parameters instanceof ParameterTool ? parameters.toMap() : { ...parameters };
    return this;
  }

  getGlobalJobParameters(): Readonly<Record<string, string>> {
    return this.#globalJobParameters;
  }

  setRestartStrategy(strategy: RestartStrategyConfig): this {
    this.#restartStrategy = strategy;
    return this;
  }

  getRestartStrategy(): RestartStrategyConfig | undefined {
    return this.#restartStrategy;
  }

  setStateBackend(backend: 'heap' | 'disk'): this {
    if (backend !== 'heap' && backend !== 'disk')
      throw appError('INVALID_SETTING', ['state backend', backend, '"heap" or "disk"']);
    this.#stateBackend = backend;
    return this;
  }

  getStateBackend(): 'heap' | 'disk' | undefined {
    return this.#stateBackend;
  }

  /** Internal: what the job graph carries. */
  toData(): ExecutionConfigData {
    return {
      parallelism: this.#parallelism,
      maxParallelism: this.#maxParallelism,
      objectReuse: this.#objectReuse,
      autoWatermarkIntervalMs: this.#autoWatermarkIntervalMs,
      latencyTrackingIntervalMs: this.#latencyTrackingIntervalMs,
      bufferTimeoutMs: this.getBufferTimeout(),
      ...(this.#bufferTimeoutMs === undefined ? { isBufferTimeoutDefault: true } : {}),
      globalJobParameters: this.#globalJobParameters,
      restartStrategy: this.#restartStrategy,
      stateBackend: this.#stateBackend,
      executionMode: 'PIPELINED',
    };
  }
}
