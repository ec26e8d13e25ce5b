// The forms that SourceFunction.run may hand back, told apart.
import type { SourceRun } from '../../../api/source.ts';

export type StartedRun =
  | { readonly kind: 'iterator'; readonly iterator: Iterator<unknown> }
  | { readonly kind: 'asyncIterator'; readonly iterator: AsyncIterator<unknown> }
  | { readonly kind: 'promise'; readonly promise: Promise<void> }
  | { readonly kind: 'done' };

/** Generators are both iterable and iterator; a bare object with next() counts as a synchronous iterator. */
export function toStartedRun(run: SourceRun): StartedRun {
  if (run === undefined || run === null) return { kind: 'done' };
  const candidate = run as Partial<Iterable<unknown> & AsyncIterable<unknown> & Promise<void> & Iterator<unknown>>;
  const openAsync = candidate[Symbol.asyncIterator];
  if (openAsync) return { kind: 'asyncIterator', iterator: openAsync.call(candidate) };
  const open = candidate[Symbol.iterator];
  if (open) return { kind: 'iterator', iterator: open.call(candidate) };
  if (typeof candidate.then === 'function') return { kind: 'promise', promise: run as Promise<void> };
  return { kind: 'iterator', iterator: run as Iterator<unknown> };
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
