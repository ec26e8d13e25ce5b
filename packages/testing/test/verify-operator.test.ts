import type { OperatorSpec } from '@yeoul/engine/harness';
import { describe, expect, it } from 'vitest';
import { VerifyMode, verifyOperator } from '../src/index.ts';

/** Counts elements in a field instead of in state. */
const forgetful = (): OperatorSpec => {
  let count = 0;
  return { kind: 'map', fn: () => (count += 1) };
};

describe('verifyOperator', () => {
  it('accepts an operator whose output is the same under everything', async () => {
    await verifyOperator<number, number>({
      operator: { kind: 'map', fn: (value) => (value as number) + 1 },
      input: [1, 2, 3],
      output: [2, 3, 4],
    });
  });

  it('finds state that does not survive a restore, and says in which mode', async () => {
    await verifyOperator<number, number>({
      operator: forgetful,
      input: [7, 7, 7],
      output: [1, 2, 3],
      modes: [VerifyMode.Plain, VerifyMode.SnapshotAfterEach, VerifyMode.OutputFull],
    });
    await expect(
      verifyOperator<number, number>({ operator: forgetful, input: [7, 7, 7], output: [1, 2, 3] }),
    ).rejects.toThrow(/restore after each element/);
  });
});
