// How failures look on the wire: Flink's form, and the one place where an error gets its HTTP status.
import { Type } from 'typebox';

/** Body of every answer that is no success. */
export const WireErrorBody = Type.Object({ errors: Type.Array(Type.String()) });

/** An answer that is no success, as the contract words it. */
export class RestError extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RestError';
    this.status = status;
  }
}

export function restError(status: number, message: string, cause?: unknown): RestError {
  return new RestError(status, message, cause === undefined ? undefined : { cause });
}

/** Who must act; the domains of the error catalogue. */
export type WireErrorDomain = 'user' | 'external' | 'internal';

const statusByDomain = { user: 400, external: 503, internal: 500 } as const satisfies Record<WireErrorDomain, number>;

/** Codes that say more than their domain. */
const statusByCode: Readonly<Record<string, number>> = {
  JOB_NOT_FOUND: 404,
  JOB_ALREADY_EXISTS: 409,
  JOB_TERMINATED: 409,
  PARALLELISM_FIXED: 409,
  OPERATION_NOT_FOUND: 404,
  STOP_IN_PROGRESS: 409,
  SAVEPOINT_IN_USE: 409,
  OPERATION_LIMIT: 429,
  SUBMISSION_LIMIT: 429,
  BODY_TOO_LARGE: 413,
  HEADERS_TOO_LARGE: 431,
  URL_TOO_LONG: 414,
  REQUEST_TIMEOUT: 408,
  CLUSTER_CLOSED: 503,
  JAR_STORE_FULL: 507,
  JAR_SPACE_FULL: 507,
  JAR_NOT_STORED: 507,
};

/** The HTTP status of a catalogued error. */
export function statusOfError(error: { readonly code: string; readonly domain: string }): number {
  return statusByCode[error.code] ?? statusByDomain[error.domain as WireErrorDomain] ?? 500;
}

export function toWireError(messages: readonly string[]): { readonly errors: readonly string[] } {
  return { errors: messages };
}

/** Wire form of a failure that nobody expected. @see Apache Flink 1.9, AbstractHandler */
export function toInternalWireError(stack: string): { readonly errors: readonly string[] } {
  return toWireError([
    'Internal server error.',
    `<Exception on server side:\n${stack}\nEnd of exception on server side>`,
  ]);
}

/** What is said of a parameter whose text cannot be read. @param text as it came, a whole list at once */
export function describeBadParameter(place: 'path' | 'query', name: string, text: string): string {
  return `Bad request, could not parse parameters: Cannot resolve ${place} parameter (${name}) from value "${text}".`;
}

/** What is said of a body that does not match. @param name of the body, as in RequestBody */
export function describeBadBody(name: string): string {
  return `Request did not match expected format ${name}.`;
}
