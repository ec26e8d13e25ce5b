// What the client throws, besides the reason of a signal that was aborted.

/** Base of every error of the client. */
export class FlinkClientError extends Error {
  override readonly name: string = 'FlinkClientError';
}

/** An argument that cannot be sent: a malformed id, an empty name, arguments that this version's API cannot carry. */
export class FlinkArgumentError extends FlinkClientError {
  override readonly name: string = 'FlinkArgumentError';
}

/** The cluster's version does not have what was asked for. */
export class FlinkUnsupportedError extends FlinkClientError {
  override readonly name: string = 'FlinkUnsupportedError';
}

/** An answer that does not have the contract's shape; only with the option `validate`. */
export class FlinkValidationError extends FlinkClientError {
  override readonly name: string = 'FlinkValidationError';
}
