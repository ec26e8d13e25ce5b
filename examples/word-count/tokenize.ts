import type { Collector } from 'yeoul';

export type WordWithCount = [word: string, count: number];

/** Emits a pair [word, 1] for each word of the line, in lower case; what is no letter, digit or underscore separates words. */
export function tokenize(line: string, out: Collector<WordWithCount>): void {
  for (const word of line.toLowerCase().split(/\W+/)) {
    if (word.length > 0) out.collect([word, 1]);
  }
}
