// Checks of what users give to connectors: the value, what is allowed, the next step.
import { appError } from '@yeoul/engine';

/** @throws INVALID_SETTING unless `value` is a whole number in [minimum, maximum] */
export function checkInteger(name: string, value: number, minimum: number, maximum = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
  const upper = maximum === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${maximum}`;
  throw appError('INVALID_SETTING', [name, String(value), `a whole number of at least ${minimum}${upper}`]);
}

/** @throws INVALID_SETTING unless `value` is one of `allowed` */
export function checkChoice<C extends string>(name: string, value: string, allowed: readonly C[]): C {
  const found = allowed.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw appError('INVALID_SETTING', [name, `"${value}"`, `one of ${allowed.join(', ')}`]);
}

/** @throws INVALID_SETTING for an empty or missing text */
export function checkText(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw appError('INVALID_SETTING', [name, JSON.stringify(value) ?? String(value), 'a text that is not empty']);
}

/** A span in ms, or an object that knows its own: Time.seconds(5), { milliseconds: 500 }. */
export type DurationLike = number | { toMilliseconds(): number };

export function toDurationMs(name: string, duration: DurationLike, minimumMs = 0): number {
  return checkInteger(name, typeof duration === 'number' ? duration : duration.toMilliseconds(), minimumMs);
}
