import type { BarCheck } from './bars.ts';

/** What any benchmark hands to the entry: what to print, what to keep, what to hold against the bars. */
export interface Outcome {
  readonly name: string;
  /** For a person. */
  readonly text: string;
  /** The last line with --json. */
  readonly summary: object;
  /** The whole result, for the file. */
  readonly result: object;
  readonly svg: string | undefined;
  readonly checks: readonly BarCheck[];
  /** False when the answers are wrong, whatever the speed. */
  readonly isCorrect: boolean;
}
