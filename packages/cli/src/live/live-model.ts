// What the live view shows, as plain data: made from the cluster's views, drawn by render-live.

export interface LiveVertex {
  readonly name: string;
  readonly parallelism: number;
  readonly status: string;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly inPerSecond: number;
  readonly outPerSecond: number;
  /** Shares of the last second, 0..1. */
  readonly busy: number;
  readonly backPressured: number;
  /** Epoch ms; ±Infinity as Flink's extremes; undefined: not known. */
  readonly watermarkMs: number | undefined;
}

export interface LiveCheckpoint {
  readonly id: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly agoMs: number;
}

export interface LiveModel {
  readonly jobId: string;
  readonly jobName: string;
  readonly status: string;
  readonly uptimeMs: number;
  readonly restarts: number;
  /** Of the REST API; undefined: not served. */
  readonly address: string | undefined;
  readonly vertices: readonly LiveVertex[];
  readonly checkpointing: boolean;
  readonly lastCheckpoint: LiveCheckpoint | undefined;
  readonly completedCheckpoints: number;
  readonly failedCheckpoints: number;
  readonly restoredFrom: number | undefined;
  /** Newest lines of print sinks, oldest first. */
  readonly output: readonly string[];
  readonly outputLines: number;
  readonly failure: string | undefined;
}
