// Lengths of time. Everything that takes a Time also takes a plain number of milliseconds.
import { appError } from '../errors.ts';

export class Time {
  readonly #ms: number;

  private constructor(ms: number) {
    this.#ms = ms;
  }

  toMilliseconds(): number {
    return this.#ms;
  }

  static milliseconds(ms: number): Time {
    return new Time(ms);
  }

  static seconds(seconds: number): Time {
    return new Time(seconds * 1000);
  }

  static minutes(minutes: number): Time {
    return new Time(minutes * 60_000);
  }

  static hours(hours: number): Time {
    return new Time(hours * 3_600_000);
  }

  static days(days: number): Time {
    return new Time(days * 86_400_000);
  }
}

/** Also Flink 2's name for it. */
export const Duration = {
  ofMillis: Time.milliseconds,
  ofSeconds: Time.seconds,
  ofMinutes: Time.minutes,
  ofHours: Time.hours,
  ofDays: Time.days,
} as const;

/** A Time, or milliseconds. */
export type TimeLike = Time | number;

/**
 * @param what named in the error
 * @param minimumMs smallest allowed length
 * @returns whole milliseconds
 */
export function toMilliseconds(time: TimeLike, what: string, minimumMs = Number.NEGATIVE_INFINITY): number {
  const ms = typeof time === 'number' ? time : time.toMilliseconds();
  if (!Number.isFinite(ms) || !Number.isInteger(ms) || ms < minimumMs) {
    throw appError('INVALID_DURATION', [what, ms, Number.isFinite(minimumMs) ? minimumMs : 'any whole number']);
  }
  return ms;
}
