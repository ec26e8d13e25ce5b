// No answer came.
import { FlinkClientError } from './client-error.ts';

export type ConnectionFailureKind =
  /** Nothing listens there. */
  | 'refused'
  /** The name is not known. */
  | 'name'
  /** No trusted TLS connection. */
  | 'tls'
  /** No answer within the time. */
  | 'timeout'
  /** The connection broke, or a gateway lost it. */
  | 'broken';

export interface ConnectionErrorFacts {
  readonly kind: ConnectionFailureKind;
  readonly method: string;
  readonly url: string;
}

/** No answer came: nothing listens, no TLS, too slow, a broken connection. */
export class FlinkConnectionError extends FlinkClientError {
  override readonly name: string = 'FlinkConnectionError';
  readonly kind: ConnectionFailureKind;
  readonly method: string;
  readonly url: string;

  constructor(message: string, facts: ConnectionErrorFacts, options?: ErrorOptions) {
    super(message, options);
    this.kind = facts.kind;
    this.method = facts.method;
    this.url = facts.url;
  }

  /** The server cannot have acted: the request was never sent. */
  get wasNeverSent(): boolean {
    return this.kind === 'refused' || this.kind === 'name' || this.kind === 'tls';
  }
}

/** An unsafe call whose answer was lost, and of which the server does not tell whether it was done. Look before doing it again. */
export class FlinkOutcomeUnknownError extends FlinkConnectionError {
  override readonly name: string = 'FlinkOutcomeUnknownError';
  /** Of the job that may have been started or changed. */
  readonly jobId: string | undefined;
  /** Of the operation that may have been triggered. */
  readonly triggerId: string | undefined;

  constructor(
    message: string,
    facts: ConnectionErrorFacts & { readonly jobId?: string | undefined; readonly triggerId?: string | undefined },
    options?: ErrorOptions,
  ) {
    super(message, facts, options);
    this.jobId = facts.jobId;
    this.triggerId = facts.triggerId;
  }
}
