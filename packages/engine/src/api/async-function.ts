// Asynchronous I/O: a function that answers later, without holding up the records behind it.
import type { RichFunctionLifecycle } from './functions.ts';

export interface ResultFuture<O> {
  /** First call wins; later ones are ignored. */
  complete(results: Iterable<O>): void;
  completeExceptionally(error: unknown): void;
}

export interface AsyncFunction<I, O> extends RichFunctionLifecycle {
  /** Answers through `resultFuture`. A rejected promise completes exceptionally. */
  asyncInvoke(input: I, resultFuture: ResultFuture<O>): void | Promise<void>;
  /** Called when no answer came in time; absent: the job fails with a timeout error. */
  timeout?(input: I, resultFuture: ResultFuture<O>): void;
}
