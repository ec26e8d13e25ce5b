// Turns what users give (a plain function, or an object with one named method) into what operators call.
import { appError } from '../errors.ts';
import type { RichFunctionLifecycle } from './functions.ts';

/** `rich` is the object whose life cycle is run; undefined for plain functions. */
export interface BoundFunction<F> {
  readonly fn: F;
  readonly rich: RichFunctionLifecycle | undefined;
}

type AnyFunction = (...args: never[]) => unknown;

/**
 * Binds `method` of an object, or takes the function itself. `bind` rather than a closure here: closures made at one place
 * share their type feedback, so a second map in a program would slow down both.
 * @param operation named in the error, e.g. "map"
 */
export function bindFunction<F extends AnyFunction>(
  given: unknown,
  method: string,
  operation: string,
): BoundFunction<F> {
  if (typeof given === 'function') return { fn: given as unknown as F, rich: undefined };
  const member = (given as Record<string, unknown> | null | undefined)?.[method];
  if (typeof member !== 'function') throw appError('INVALID_FUNCTION', [operation, method, describe(given)]);
  return { fn: member.bind(given) as F, rich: given as RichFunctionLifecycle };
}

/** A method the object may have. */
export function bindOptional<F extends AnyFunction>(given: unknown, method: string): F | undefined {
  if (typeof given === 'function') return undefined;
  const member = (given as Record<string, unknown> | null)?.[method];
  return typeof member === 'function' ? (member.bind(given) as F) : undefined;
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

function describe(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  if (typeof given !== 'object') return `a ${typeof given}`;
  return `an object of ${functionName(given, 'no class')} without that method`;
}
