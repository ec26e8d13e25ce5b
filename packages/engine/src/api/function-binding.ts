// Turns what users give (a plain function, or an object with one named method) into what operators call.
import { appError } from '../errors.ts';
import type { RichFunctionLifecycle } from './functions.ts';

/** `rich` is the object whose life cycle is run; undefined for plain functions. */
export interface BoundFunction<F> {
  readonly fn: F;
  readonly rich: RichFunctionLifecycle | undefined;
}

type AnyFunction = (...args: never[]) => unknown;

/** What a caller does with a promise: it waits for it, or it calls functions that answer at once only. */
export type Answers = 'at once' | 'by promise, too';

const REFUSED_KINDS: Readonly<Record<string, string>> = {
  '[object AsyncFunction]': 'an async function',
  '[object GeneratorFunction]': 'a generator function',
  '[object AsyncGeneratorFunction]': 'an async generator function',
};

/**
 * Refuses what returns before it has done its work: an operator would take the promise or the generator for the result, and what is
 * emitted later would belong to no record. Told from the function itself, so records cost nothing.
 * @throws ASYNC_FUNCTION
 */
export function requireImmediate(fn: unknown, operation: string): void {
  const kind = REFUSED_KINDS[Object.prototype.toString.call(fn)];
  if (kind !== undefined) throw appError('ASYNC_FUNCTION', [operation, kind]);
}

/**
 * Binds `method` of an object, or takes the function itself. `bind` rather than a closure here: closures made at one place
 * share their type feedback, so a second map in a program would slow down both.
 * @param operation named in the error, e.g. "map"
 * @throws INVALID_FUNCTION, ASYNC_FUNCTION
 */
export function bindFunction<F extends AnyFunction>(
  given: unknown,
  method: string,
  operation: string,
  answers: Answers = 'at once',
): BoundFunction<F> {
  const member = typeof given === 'function' ? given : (given as Record<string, unknown> | null | undefined)?.[method];
  if (typeof member !== 'function') throw appError('INVALID_FUNCTION', [operation, method, missing(given)]);
  if (answers === 'at once') requireImmediate(member, operation);
  if (member === given) return { fn: given as unknown as F, rich: undefined };
  return { fn: member.bind(given) as F, rich: given as RichFunctionLifecycle };
}

/** A method the object may have. */
export function bindOptional<F extends AnyFunction>(
  given: unknown,
  method: string,
  answers: Answers = 'at once',
): F | undefined {
  if (typeof given === 'function') return undefined;
  const member = (given as Record<string, unknown> | null)?.[method];
  if (typeof member !== 'function') return undefined;
  if (answers === 'at once') requireImmediate(member, method);
  return member.bind(given) as F;
}

/**
 * Name of a function for operator names: class name, function name, or the interface it stands for.
 * @param fallback for functions without a name, e.g. "WindowFunction"
 */
export function functionName(given: unknown, fallback: string): string {
  const name = typeof given === 'function' ? given.name : (given as object).constructor?.name;
  if (name === undefined || name === '' || name === 'Object') return fallback;
  // Bundlers put an underscore before classes that mention themselves.
  return name.replace(/^_(?=[A-Z])/, '');
}

/** For messages about what a program handed over. */
export function describeGiven(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  if (typeof given !== 'object') return `a ${typeof given}`;
  return `an object of ${functionName(given, 'no class')}`;
}

function missing(given: unknown): string {
  return typeof given === 'object' && given !== null
    ? `${describeGiven(given)} without that method`
    : describeGiven(given);
}
