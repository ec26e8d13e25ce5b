// How long an attempt was in each of its states, as later versions show it. Pure.
import type { AttemptView } from '@yeoul/engine/runtime';

/** In the order in which an attempt goes through them. @see Apache Flink 1.20, SubtaskExecutionAttemptDetailsInfo */
const shownStates = ['CREATED', 'SCHEDULED', 'DEPLOYING', 'INITIALIZING', 'RUNNING'] as const;
const endStates = ['CANCELING', 'FINISHED', 'CANCELED', 'FAILED'] as const;

/** @returns ms by state; -1: never in it; up to now for the state it is in */
export function toStatusDurations({ timestamps }: AttemptView, nowMs: number): Record<string, number> {
  const entered = (states: readonly (keyof AttemptView['timestamps'])[]) =>
    states.map((state) => timestamps[state]).filter((atMs) => atMs > 0);
  return Object.fromEntries(
    shownStates.map((state, index) => {
      const fromMs = timestamps[state];
      const left = entered([...shownStates.slice(index + 1), ...endStates]);
      return [state, fromMs > 0 ? Math.min(nowMs, ...left) - fromMs : -1];
    }),
  );
}
