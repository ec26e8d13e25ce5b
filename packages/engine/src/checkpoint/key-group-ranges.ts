// Which key groups a subtask owns. @see Apache Flink, KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex
import type { KeyGroupRange } from '../state/keyed-state-backend.ts';

/** @returns the groups of subtask `index`, inclusive on both ends; the ranges of all subtasks cover [0, maxParallelism) once */
export function keyGroupRangeOf(maxParallelism: number, parallelism: number, index: number): KeyGroupRange {
  const start = Math.floor((index * maxParallelism + parallelism - 1) / parallelism);
  const end = Math.floor(((index + 1) * maxParallelism - 1) / parallelism);
  return { start, end };
}

export function intersects(a: KeyGroupRange, b: KeyGroupRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}
