// Samples of jobs for flame graphs. As in Flink, who asks first starts the sampling, and gets the graph when asking again.
//   F1. A job is sampled once in a refresh interval, whoever asks; at most MAX_JOBS are remembered.
import type { JobSamples, SamplingOptions } from '@yeoul/engine/runtime';

export interface FlameGraphOptions extends SamplingOptions {
  readonly refreshIntervalMs: number;
  /** Frames of a stack. */
  readonly maxDepth: number;
}

export const defaultFlameGraphOptions: FlameGraphOptions = {
  // As Flink: 5 s of samples, for a minute. @see Apache Flink, rest.flamegraph.*
  samples: 100,
  delayMs: 50,
  refreshIntervalMs: 60_000,
  maxDepth: 100,
};

interface Sampler {
  sampleJob(jobId: string, options: SamplingOptions): Promise<JobSamples>;
}

/** Of the jobs that somebody looks at. */
const MAX_JOBS = 16;

export class FlameGraphs {
  readonly options: FlameGraphOptions;
  readonly #sampler: Sampler;
  readonly #nowMs: () => number;
  readonly #samples = new Map<string, JobSamples>();
  readonly #sampling = new Set<string>();

  constructor(sampler: Sampler, options: FlameGraphOptions, nowMs: () => number) {
    this.#sampler = sampler;
    this.options = options;
    this.#nowMs = nowMs;
  }

  /** The newest samples; starts to take new ones when they are old. Undefined: there are none yet. */
  samplesOf(jobId: string): JobSamples | undefined {
    const found = this.#samples.get(jobId);
    const isOld = found === undefined || this.#nowMs() - found.endedAtMs >= this.options.refreshIntervalMs;
    if (isOld && !this.#sampling.has(jobId) && this.#sampling.size < MAX_JOBS) void this.#sample(jobId);
    return found;
  }

  async #sample(jobId: string): Promise<void> {
    this.#sampling.add(jobId);
    try {
      const samples = await this.#sampler.sampleJob(jobId, this.options);
      this.#samples.delete(jobId);
      this.#samples.set(jobId, samples);
      const [oldest] = this.#samples.keys();
      if (this.#samples.size > MAX_JOBS && oldest !== undefined) this.#samples.delete(oldest);
    } catch {
      // The next who asks starts again.
    } finally {
      this.#sampling.delete(jobId);
    }
  }
}
