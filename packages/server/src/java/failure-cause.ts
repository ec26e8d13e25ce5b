// A failure of the engine as Flink's clients know failures: a chain of Java exceptions.
import { type JavaThrowable, serializeThrowable } from './serialized-throwable.ts';

export interface FailureCause {
  class: string;
  'stack-trace': string;
  'serialized-throwable': string;
}

/** One link of a chain, outermost first. */
export interface FailureLink {
  readonly className: string;
  readonly message: string;
  /** Lines below the message; the engine's own stack. */
  readonly frames?: string;
}

export function toFailureCause(links: readonly FailureLink[]): FailureCause {
  const chain = links.map(
    (link, index): JavaThrowable => ({
      className: link.className,
      message: link.message,
      stackTrace: printStackTrace(links.slice(index)),
    }),
  );
  return {
    class: links[0]?.className ?? 'java.lang.Exception',
    'stack-trace': printStackTrace(links),
    'serialized-throwable': serializeThrowable(chain),
  };
}

function printStackTrace(links: readonly FailureLink[]): string {
  return links
    .map(
      ({ className, message, frames = '' }, index) =>
        `${index === 0 ? '' : 'Caused by: '}${className}: ${message}\n${frames}`,
    )
    .join('');
}

/** The frames of a JavaScript stack, without its first lines, which say the name and the message. */
export function framesOf(stack: string | undefined): string {
  const start = stack?.search(/^\s+at /m) ?? -1;
  return stack === undefined || start < 0 ? '' : `${stack.slice(start).trimEnd()}\n`;
}
