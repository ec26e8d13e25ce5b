// One protocol for every engine's driver process: it is started with the options of one benchmark, runs one repetition for
// each line on its standard input, answers each with one line of JSON, and ends with its input. So it stays warm.

export const Bench = {
  stateMachine: 'statemachine',
  windows: 'windows',
  sliding: 'sliding',
  wordCount: 'wordcount',
} as const;
export type Bench = (typeof Bench)[keyof typeof Bench];

export type Backend = 'heap' | 'disk';

/** What one driver process measures; fixed for its life. */
export interface RunOptions {
  readonly bench: Bench;
  /** Records over all subtasks; the word count has its own, the words of the file. */
  readonly records: number;
  /** Distinct keys over all subtasks. */
  readonly keys: number;
  /** Text of the word count; empty for the others. */
  readonly file: string;
  readonly parallelism: number;
  /** Checkpoint interval; 0 = no checkpoints. */
  readonly checkpointMs: number;
  readonly backend: Backend;
  readonly batch: boolean;
}

/** What checkpoints cost one run; only engines that can tell give it. */
export interface CheckpointFigures {
  readonly completed: number;
  /** Longest synchronous part over all subtasks and checkpoints. */
  readonly maxSyncMs: number;
}

/** One repetition: one line of a driver's output. */
export interface RunReport {
  readonly engine: string;
  readonly bench: string;
  readonly run: number;
  readonly parallelism: number;
  readonly records: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  readonly results: number;
  readonly checksum: number;
  /** Highest resident memory of the process so far, all threads; -1 = unknown. */
  readonly peakMiB: number;
  readonly checkpoints?: CheckpointFigures;
}

/** The options as the command line that `parseRunOptions` reads back. */
export function toDriverArguments(options: RunOptions): string[] {
  return [JSON.stringify(options)];
}

/** @throws when the driver was not started by the runner */
export function parseRunOptions(argv: readonly string[]): RunOptions {
  const [json] = argv;
  if (json === undefined || !json.startsWith('{')) throw new Error('A driver takes one argument: its options as JSON');
  return JSON.parse(json) as RunOptions;
}

/** @returns undefined when the line is something else, such as a warning of the engine */
export function tryParseRunReport(line: string): RunReport | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as Partial<RunReport>;
    return typeof value.recordsPerSecond === 'number' && typeof value.checksum === 'number'
      ? (value as RunReport)
      : undefined;
  } catch {
    return undefined;
  }
}
