// Lengths of time. Everything that takes a Time also takes a plain number of milliseconds.
import { appError } from '../errors.ts';

export const TimeUnit = {
  Milliseconds: 'MILLISECONDS',
  Seconds: 'SECONDS',
  Minutes: 'MINUTES',
  Hours: 'HOURS',
  Days: 'DAYS',
} as const;
export type TimeUnit = (typeof TimeUnit)[keyof typeof TimeUnit];

const unitMs: Readonly<Record<TimeUnit, number>> = {
  MILLISECONDS: 1,
  SECONDS: 1000,
  MINUTES: 60_000,
  HOURS: 3_600_000,
  DAYS: 86_400_000,
};

export class Time {
  readonly #ms: number;

  private constructor(ms: number) {
    this.#ms = ms;
  }

  toMilliseconds(): number {
    return this.#ms;
  }

  static of(size: number, unit: TimeUnit): Time {
    return new Time(size * unitMs[unit]);
  }

  static milliseconds(ms: number): Time {
    return new Time(ms);
  }

  static seconds(seconds: number): Time {
    return new Time(seconds * unitMs.SECONDS);
  }

  static minutes(minutes: number): Time {
    return new Time(minutes * unitMs.MINUTES);
  }

  static hours(hours: number): Time {
    return new Time(hours * unitMs.HOURS);
  }

  static days(days: number): Time {
    return new Time(days * unitMs.DAYS);
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
 * @throws INVALID_DURATION, INVALID_SETTING for what is no time at all
 */
export function toMilliseconds(time: TimeLike, what: string, minimumMs = Number.NEGATIVE_INFINITY): number {
  const ms = typeof time === 'number' ? time : askTime(time, what);
  if (!Number.isFinite(ms) || !Number.isInteger(ms) || ms < minimumMs) {
    throw appError('INVALID_DURATION', [what, ms, Number.isFinite(minimumMs) ? minimumMs : 'any whole number']);
  }
  return ms;
}

/** Programs in plain JavaScript may give anything, such as "10s". */
function askTime(time: unknown, what: string): number {
  if (typeof (time as Partial<Time> | null | undefined)?.toMilliseconds === 'function')
    return (time as Time).toMilliseconds();
  const shown = JSON.stringify(time) ?? String(time);
  throw appError('INVALID_SETTING', [what, shown, 'milliseconds as a number, or a time such as Time.seconds(10)']);
}
