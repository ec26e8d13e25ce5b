// The frame through which a slot enters a task: its name tells samples of the thread apart by task.
import type { SubtaskAddress } from '../messages.ts';

const PREFIX = 'yeoul-operator/task-';

interface Sliced {
  runSlice(maxRecords: number): boolean;
}

/** @returns task.runSlice under a frame of its own; once per slice, so it costs nothing per record */
export function compileTaskEntry(
  task: Sliced,
  { vertexId, subtaskIndex }: SubtaskAddress,
): (maxRecords: number) => boolean {
  const source = `return function runTask(maxRecords) { return task.runSlice(maxRecords); };`;
  const make = new Function('task', `'use strict';\n${source}\n//# sourceURL=${PREFIX}${vertexId}/${subtaskIndex}.js`);
  return make(task) as (maxRecords: number) => boolean;
}

/** Undefined: no frame of this kind. */
export function parseTaskEntry(url: string): SubtaskAddress | undefined {
  const [, vertexId, subtask] = /^yeoul-operator\/task-([0-9a-f]+)\/(\d+)\.js$/.exec(url) ?? [];
  return vertexId === undefined ? undefined : { vertexId, subtaskIndex: Number(subtask) };
}
