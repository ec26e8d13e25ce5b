// Reads what Java writes about failures: class names, stack traces, causes.

const CLASS_PREFIX = /^(?:[a-z_$][\w$]*\.)+[A-Z][\w$]*(?:: |$)/;
const FRAME = /^\s*(at |\.\.\. \d+ |Suppressed: |End of exception|<Exception on server side)/;

/**
 * One line for people.
 * @param errors of the wire form: a bare message (1.9), or class, message and stack (later), or "Internal server error." with a stack
 * @returns undefined when there is nothing to read
 */
export function toReadableMessage(errors: readonly string[]): string | undefined {
  const serverSide = errors.find((text) => text.startsWith('<Exception on server side'));
  const text = serverSide ?? errors[0];
  if (text === undefined) return undefined;
  return describeStack(text) ?? errors[0]?.split('\n')[0];
}

/** Only says that there is no restart; the cause is what went wrong. */
const NO_RESTART = 'Recovery is suppressed by ';
/** Says all there is to say. */
const NOT_FOUND = / not found\.?$|could not be found\.?$/;

/**
 * First message of a stack trace; the innermost cause follows when it says more.
 * @param text with or without a stack
 */
export function describeStack(text: string): string | undefined {
  const lines = text.split(/\r?\n/);
  const first = lines.find((line) => line.trim() !== '' && !FRAME.test(line));
  if (first === undefined) return undefined;
  const message = withoutClasses(first);
  const innermost = lines.findLast((line) => line.startsWith('Caused by: '));
  if (innermost === undefined) return message;
  const cause = withoutClasses(innermost.slice('Caused by: '.length));
  if (message.startsWith(NO_RESTART)) return cause;
  return message.includes(cause) || NOT_FOUND.test(message) ? message : `${withoutStop(message)}: ${cause}`;
}

/** Wrappers name their cause's class again: all of them go, unless nothing else is there. */
function withoutClasses(line: string): string {
  let rest = line.trim();
  for (;;) {
    const shorter = rest.replace(CLASS_PREFIX, '');
    if (shorter === rest) return rest;
    if (shorter === '') return rest.slice(rest.lastIndexOf('.') + 1);
    rest = shorter;
  }
}

function withoutStop(message: string): string {
  return message.replace(/[.:]$/, '');
}
