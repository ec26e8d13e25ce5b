import type { Bars } from './bars.ts';

/** What the entry gives every benchmark. */
export interface BenchContext {
  readonly bars: Bars;
  /** Folder of the repository. */
  readonly root: string;
  readonly log: (line: string) => void;
}
