// What a run with a slow consumer consists of, as data.

export interface SlowConsumerScenario {
  readonly parallelism: number;
  /** Pause of the sink after each record, ms. */
  readonly sinkDelayMs: number;
  readonly checkpointMs: number;
  readonly stateBackend: 'heap' | 'disk';
  /** Compilers and heaps find their size; not looked at. */
  readonly warmUpMs: number;
  readonly watchedMs: number;
  readonly sampleMs: number;
  /**
   * How much more the last third of the watched time may take than the first, MiB. Unbounded, a source that is 100 bytes and 100,000
   * records a second ahead takes 10 MiB more every second.
   */
  readonly toleratedGrowthMiB: number;
}

export const ciScenario: SlowConsumerScenario = {
  parallelism: 2,
  sinkDelayMs: 1,
  checkpointMs: 500,
  stateBackend: 'heap',
  warmUpMs: 10_000,
  watchedMs: 15_000,
  sampleMs: 250,
  toleratedGrowthMiB: 48,
};

export const nightlyScenario: SlowConsumerScenario = {
  ...ciScenario,
  warmUpMs: 60_000,
  watchedMs: 3_600_000,
  sampleMs: 1_000,
};
