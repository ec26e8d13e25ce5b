// Samples of a slot's thread, seen from one of its tasks. Pure.

import type { SubtaskAddress } from '../messages.ts';
import type { StackSample } from './cpu-samples.ts';
import type { StackFrame } from './stack-frame.ts';
import { parseTaskEntry } from './task-entry.ts';

export type TaskActivity = 'on-cpu' | 'off-cpu';

export interface TaskSample extends StackSample {
  readonly activity: TaskActivity;
}

const IDLE: StackFrame = namedFrame('(slot is idle)');
const OTHER_TASKS: StackFrame = namedFrame('(slot runs other tasks)');
const OTHER_WORK: StackFrame = namedFrame('(slot does other work)');

/**
 * On CPU: the frames within the task. Off CPU: the slot had nothing to do, ran another of its tasks, or worked for itself (messages,
 * snapshots, collecting garbage).
 */
export function samplesOfTask(samples: readonly StackSample[], task: SubtaskAddress): readonly TaskSample[] {
  return samples.map(({ frames, count }) => {
    const entered = frames.findIndex(({ url }) => parseTaskEntry(url) !== undefined);
    const within = parseTaskEntry(frames[entered]?.url ?? '');
    if (within?.vertexId === task.vertexId && within.subtaskIndex === task.subtaskIndex) {
      return { activity: 'on-cpu', count, frames: frames.slice(entered + 1) };
    }
    if (within !== undefined) return { activity: 'off-cpu', count, frames: [OTHER_TASKS] };
    return { activity: 'off-cpu', count, frames: isIdle(frames) ? [IDLE] : [OTHER_WORK, ...frames.slice(-1)] };
  });
}

/** Nothing, or Node waiting for events. */
function isIdle(frames: readonly StackFrame[]): boolean {
  return frames.length === 0 || (frames.length === 1 && frames[0]?.functionName === '(program)');
}

function namedFrame(functionName: string): StackFrame {
  return { functionName, url: '', line: 0, column: 0 };
}
