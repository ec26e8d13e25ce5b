// What a run with kills consists of, as data.

export interface KillScenario {
  readonly kills: number;
  readonly seed: number;
  readonly parallelism: number;
  readonly partitions: number;
  readonly keys: number;
  readonly checkpointMs: number;
  readonly stateBackend: 'heap' | 'disk';
  /** Records per second and partition that the source may be ahead of what was written. */
  readonly recordsPerSecond: number;
  /** A process lives at least and at most so long before it is killed, ms; a start to a running job takes about 500. */
  readonly processLifeMs: readonly [least: number, most: number];
  /** Records between two failures inside the process, at most, per subtask. */
  readonly recordsPerFault: number;
  /** The run is given up when it takes longer. */
  readonly timeoutMs: number;
}

export const ciScenario: KillScenario = {
  kills: 30,
  seed: 1,
  parallelism: 2,
  partitions: 4,
  keys: 50,
  checkpointMs: 100,
  stateBackend: 'heap',
  recordsPerSecond: 400,
  processLifeMs: [300, 4_000],
  recordsPerFault: 1_500,
  timeoutMs: 110_000,
};

export const nightlyScenario: KillScenario = {
  ...ciScenario,
  kills: 500,
  keys: 2_000,
  recordsPerSecond: 1_000,
  recordsPerFault: 12_000,
  timeoutMs: 3 * 3_600_000,
};
