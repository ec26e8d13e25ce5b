// Brings answers of later versions into the contract's form: what 1.9 has under another name, or not at all, is filled in; nothing is taken away.
import { fromLaterCheckpoint, fromLaterCheckpoints, fromLaterTaskCheckpoint } from './checkpoint-answers.ts';
import { fromLaterExceptions } from './exception-answers.ts';
import { isObject, type Json } from './json.ts';
import { fromLaterRow, fromLaterRows } from './subtask-answers.ts';
import { fromLaterTaskManager } from './task-manager-answers.ts';

/** By the endpoint's id. */
const adapters: Readonly<Record<string, (answer: Json) => Json>> = {
  getCheckpoints: fromLaterCheckpoints,
  getCheckpoint: fromLaterCheckpoint,
  getTaskCheckpoint: fromLaterTaskCheckpoint,
  getJobExceptions: fromLaterExceptions,
  getVertex: (answer) => fromLaterRows(answer, 'subtasks', 'endpoint'),
  getVertexTaskManagers: (answer) => fromLaterRows(answer, 'taskmanagers', 'endpoint'),
  getVertexSubtaskTimes: (answer) => fromLaterRows(answer, 'subtasks', 'name'),
  getSubtasksAccumulators: (answer) => fromLaterRows(answer, 'subtasks', 'name'),
  getSubtask: (answer) => fromLaterRow(answer, 'name'),
  getAttempt: (answer) => fromLaterRow(answer, 'name'),
  getTaskManager: fromLaterTaskManager,
};

/** @param id of the endpoint */
export function toAnswer(id: string, answer: unknown): unknown {
  const adapt = adapters[id];
  return adapt === undefined || !isObject(answer) ? answer : adapt(answer);
}
