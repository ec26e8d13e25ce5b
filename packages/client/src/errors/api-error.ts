// A refusal: the server answered, and the answer was no success.
import { FlinkClientError } from './client-error.ts';
import { toReadableMessage } from './java-text.ts';

export interface ApiErrorFacts {
  readonly status: number;
  /** As they came, stack traces included. */
  readonly errors: readonly string[];
  readonly method: string;
  readonly url: string;
  /** When the server said how long to wait. */
  readonly retryAfterMillis?: number | undefined;
}

/** The server's refusal. The message is its first line without Java's class names and stack; `errors` has everything. */
export class FlinkApiError extends FlinkClientError {
  override readonly name: string = 'FlinkApiError';
  readonly status: number;
  /** As they came, stack traces included. */
  readonly errors: readonly string[];
  readonly method: string;
  readonly url: string;
  /** When the server said how long to wait. */
  readonly retryAfterMillis: number | undefined;

  constructor(facts: ApiErrorFacts, options?: ErrorOptions) {
    super(describe(facts), options);
    this.status = facts.status;
    this.errors = facts.errors;
    this.method = facts.method;
    this.url = facts.url;
    this.retryAfterMillis = facts.retryAfterMillis;
  }
}

/** What Flink says of a path that it does not serve: 1.9 and later, GET and the rest. */
const NO_ROUTE = /^Unable to load requested file |^Not found(\.|: )/;

function describe({ status, errors, method, url }: ApiErrorFacts): string {
  const message = toReadableMessage(errors);
  if (message === undefined) return `${method} ${url} answered ${status}`;
  return status === 404 && NO_ROUTE.test(message) ? `This server has no ${method} ${url}` : message;
}
