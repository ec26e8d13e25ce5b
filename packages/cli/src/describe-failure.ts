// A failure as its reader needs it: what it was, where in the reader's own source, and no engine internals in between.
import type { JobFailure } from './live/watch-job.ts';

/** Frames of Node and of generated operator code; those of the engine are told by where it is installed. */
const FOREIGN_FRAME = /\(?(node:|yeoul-operator\/|eval at )/;
/** Frames of the program are named as seen from its folder; all others have an absolute path or an address. */
const PROGRAM_FRAME =
  /^\s+at (?:.* \()?(?!(?:async )?(?:file:|node:|\/|eval at |yeoul-operator\/|<|[A-Za-z]:\\))[^()]+:\d+:\d+\)?$/;
const CAUSE = 'Caused by: ';

/** @param installedAt folder of the built engine, as a file URL or path begins */
export function describeFailure(failure: JobFailure, installedAt: string): string {
  const { code, message, stackTrace, taskName } = failure;
  const what = code === undefined ? userStack(stackTrace, installedAt) : describeKnown(code, message, stackTrace);
  return taskName === undefined ? what : `${what}\n    in ${taskName}`;
}

/** Message and code; then where the program made the mistake, and the user's own error behind it, if there are such. */
export function describeKnown(code: string, message: string, stack: string): string {
  const sections = stack.split(`\n${CAUSE}`);
  const own = sections.map((section, i) => {
    const lines = section.split('\n');
    const frames = lines.filter((line) => PROGRAM_FRAME.test(line));
    if (i === 0) return frames;
    return frames.length === 0 ? [] : [CAUSE + lines.filter((line) => !isFrame(line)).join('\n'), ...frames];
  });
  return [`${message} [${code}]`, ...own.flat()].join('\n');
}

/** The stack without the engine's frames; a stack that has no others is an engine fault and is kept whole. */
export function userStack(stack: string, installedAt: string): string {
  const lines = stack.split('\n');
  const isOwn = (line: string) => !isFrame(line) || !(FOREIGN_FRAME.test(line) || line.includes(installedAt));
  const own = lines.filter(isOwn);
  return own.some(isFrame) ? own.join('\n') : stack;
}

/** The stack that a server tells: its messages, and the frames of the program; whole if it has none, as those of Java. */
export function remoteStack(stack: string): string {
  const lines = stack.trimEnd().split('\n');
  const own = lines.filter((line) => !isFrame(line) || PROGRAM_FRAME.test(line));
  return own.some(isFrame) ? own.join('\n') : lines.join('\n');
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}
