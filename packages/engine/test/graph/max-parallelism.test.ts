import { describe, expect, it } from 'vitest';
import { checkParallelism, computeDefaultMaxParallelism } from '../../src/graph/max-parallelism.ts';

describe('max parallelism', () => {
  it('is by default 1.5 times the parallelism, as a power of two within its bounds', () => {
    const parallelisms = [1, 85, 86, 128, 170, 171, 1000, 21_845, 21_846, 32_768];
    expect(parallelisms.map(computeDefaultMaxParallelism)).toEqual([
      128, 128, 256, 256, 256, 256, 2048, 32_768, 32_768, 32_768,
    ]);
  });

  it('limits parallelism', () => {
    expect(() => checkParallelism(5, 'test', 4)).toThrow('Parallelism 5 is outside [1, 4] (test)');
    expect(() => checkParallelism(1.5, 'test')).toThrow('Parallelism 1.5');
  });
});
