// A failure as its reader needs it: what it was, where in the reader's own source, and no engine internals in between.
import type { JobFailure } from './live/watch-job.ts';

/** Frames of Node and of generated operator code; those of the engine are told by where it is installed. */
const FOREIGN_FRAME = /\(?(node:|yeoul-operator\/|eval at )/;

/** @param installedAt folder of the built engine, as a file URL or path begins */
export function describeFailure(failure: JobFailure, installedAt: string): string {
  const where = failure.taskName === undefined ? '' : `\n    in ${failure.taskName}`;
  if (failure.code !== undefined) return `${failure.message} [${failure.code}]${where}`;
  return `${userStack(failure.stackTrace, installedAt)}${where}`;
}

/** The stack without the engine's frames; a stack that has no others is an engine fault and is kept whole. */
export function userStack(stack: string, installedAt: string): string {
  const lines = stack.split('\n');
  const isOwn = (line: string) => !isFrame(line) || !(FOREIGN_FRAME.test(line) || line.includes(installedAt));
  const own = lines.filter(isOwn);
  return own.some(isFrame) ? own.join('\n') : stack;
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}
