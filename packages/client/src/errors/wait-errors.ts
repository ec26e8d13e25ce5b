// What waiting can end with.
import { FlinkClientError } from './client-error.ts';

/** What was waited for did not happen in time. It may still happen: nothing was undone. */
export class FlinkTimeoutError extends FlinkClientError {
  override readonly name: string = 'FlinkTimeoutError';
  readonly timeoutMillis: number;

  constructor(message: string, timeoutMillis: number) {
    super(message);
    this.timeoutMillis = timeoutMillis;
  }
}

/** A savepoint or a disposal that failed. */
export class FlinkOperationError extends FlinkClientError {
  override readonly name: string = 'FlinkOperationError';
  /** Java's class of the failure. */
  readonly causeClass: string;
  readonly stackTrace: string;

  constructor(message: string, failure: { readonly class: string; readonly 'stack-trace': string }) {
    super(message);
    this.causeClass = failure.class;
    this.stackTrace = failure['stack-trace'];
  }
}

/** The job ended in a way in which what was waited for cannot happen any more. */
export class FlinkJobEndedError extends FlinkClientError {
  override readonly name: string = 'FlinkJobEndedError';
  readonly jobId: string;
  readonly status: string;

  constructor(message: string, facts: { readonly jobId: string; readonly status: string }) {
    super(message);
    this.jobId = facts.jobId;
    this.status = facts.status;
  }
}

/** The savepoint is there, but the job did not end after it as it should have; `cause` says what came in between. */
export class FlinkSavepointTakenError extends FlinkClientError {
  override readonly name: string = 'FlinkSavepointTakenError';
  readonly location: string;
  readonly triggerId: string | undefined;

  constructor(
    savepoint: { readonly location: string; readonly triggerId: string | undefined },
    cause: FlinkClientError,
  ) {
    super(`The savepoint was taken (${savepoint.location}), but then: ${cause.message}`, { cause });
    this.location = savepoint.location;
    this.triggerId = savepoint.triggerId;
  }
}
