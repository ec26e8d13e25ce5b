// Random programs through failures of functions, slots and the process, and through stops and resumptions at another parallelism.
import { test } from 'vitest';
import { runRandomProgram } from './support/run-random-program.ts';

const seeds = Array.from({ length: 60 }, (_, i) => i + 11_060);

test.each(seeds)('random program %i ends with what plain code says', (seed) => runRandomProgram(seed), 40_000);
