// A few random programs; random-programs.slow.test.ts runs many.
import { test } from 'vitest';
import { runRandomProgram } from './support/run-random-program.ts';

const seeds = Array.from({ length: 5 }, (_, i) => i + 1);

test.each(seeds)('random program %i ends with what plain code says', (seed) => runRandomProgram(seed), 40_000);
