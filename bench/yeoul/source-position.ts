/**
 * Records that a generated source emits between two yields, at one go: so many records are one atomic step for
 * checkpoints. Enough to make the generator's own switch cheap, too few to be felt as latency or in buffers.
 */
export const RECORDS_PER_STEP = 32;

/**
 * The position that a subtask left in its last checkpoint.
 * @throws when there is none: a generated source belongs to one parallelism, its keys are dealt out by subtask
 */
export function restoreOwn<P extends { subtask: number }>(
  positions: readonly P[],
  subtask: number,
  isRestored: boolean,
): P | undefined {
  const own = positions.find((position) => position.subtask === subtask);
  if (isRestored && own === undefined)
    throw new Error(`No position of subtask ${subtask}: restore at the same parallelism`);
  return own;
}
