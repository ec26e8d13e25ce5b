// Errors across threads: class identity is lost, the catalogue code and the causes' texts are kept.
import { catalog, type ErrorCode, toError } from '../../errors.ts';
import type { SerializedError } from '../messages.ts';

export function serializeError(thrown: unknown): SerializedError {
  const error = toError(thrown);
  return {
    name: error.name,
    message: error.message,
    stack: withCauses(error),
    code: codeOf(error),
  };
}

/** Also of errors that crossed a thread before. */
function codeOf(error: Error): string | undefined {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && Object.hasOwn(catalog, code) ? code : undefined;
}

/** @returns an Error with the same name, message, stack and, when it had one, `code` */
export function deserializeError(serialized: SerializedError): Error {
  const error = new Error(serialized.message);
  error.name = serialized.name;
  if (serialized.stack !== undefined) error.stack = serialized.stack;
  if (serialized.code !== undefined && serialized.code in catalog) {
    Object.assign(error, { code: serialized.code as ErrorCode });
  }
  return error;
}

/** Causes written at most; a chain longer than that goes in circles. */
const MAX_CAUSES = 8;

function withCauses(error: Error): string | undefined {
  let text = error.stack;
  let cause = error.cause;
  for (let i = 0; i < MAX_CAUSES && cause instanceof Error; i++) {
    text += `\nCaused by: ${cause.stack ?? cause.message}`;
    cause = cause.cause;
  }
  return text;
}
