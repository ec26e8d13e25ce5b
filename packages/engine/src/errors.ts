// The error catalogue: every failure a user can meet, once. A code names what went wrong, `domain` who must act,
// `retry` whether the same call may succeed later. A broken invariant is `assert`, never an AppError.

export type ErrorDomain = 'user' | 'external' | 'internal';
export type RetryHint = 'never' | 'backoff';

interface CatalogEntry {
  readonly domain: ErrorDomain;
  readonly retry: RetryHint;
  /** Text with `%s` for each argument: the value, the limit and the next step. */
  readonly text: string;
}

export const catalog = {
  INVALID_PARALLELISM: {
    domain: 'user',
    retry: 'never',
    text: 'Parallelism %s is outside [1, %s] (%s): lower it, or raise setMaxParallelism before the first run',
  },
  RECORD_TOO_LARGE: {
    domain: 'user',
    retry: 'never',
    text: 'A record of %s bytes exceeds the limit of %s bytes (channel.max-record-bytes): emit smaller records or raise it',
  },
  OVERDRAFT_LIMIT: {
    domain: 'user',
    retry: 'never',
    text: 'One input record made %s buffered output bytes, over the limit of %s (channel.max-overdraft-bytes): emit less per call or raise it',
  },
  JOB_NOT_FOUND: { domain: 'user', retry: 'never', text: 'Job %s could not be found: list the jobs to see their ids' },
} as const satisfies Record<string, CatalogEntry>;

export type ErrorCode = keyof typeof catalog;

export interface AppErrorOptions {
  readonly cause?: unknown;
  readonly jobId?: string;
}

/** A failure with a catalogue code; `domain` and `retry` are read from the catalogue. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly args: readonly unknown[];
  readonly jobId: string | undefined;

  constructor(code: ErrorCode, args: readonly unknown[], options: AppErrorOptions = {}) {
    super(formatText(catalog[code].text, args), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.args = args;
    this.jobId = options.jobId;
  }

  get domain(): ErrorDomain {
    return catalog[this.code].domain;
  }

  get retry(): RetryHint {
    return catalog[this.code].retry;
  }
}

export function appError(code: ErrorCode, args: readonly unknown[] = [], options: AppErrorOptions = {}): AppError {
  return new AppError(code, args, options);
}

/** Turns anything thrown into an Error, once, at the edge. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Holds an invariant; a broken one crashes the task, which restores from its last checkpoint. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${invariant}`);
}

function formatText(text: string, args: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%s/g, () => String(args[next++]));
}
