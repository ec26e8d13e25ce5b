// What a timestamp assigner answered, where it is no number: dates are fine, anything else would be lost on the way and come back as "no timestamp".
import { appError } from '../../../errors.ts';

/** @returns epoch ms. @throws INVALID_TIMESTAMP */
export function toEventTime(assigned: unknown): number {
  const timestampMs = assigned instanceof Date || typeof assigned === 'bigint' ? Number(assigned) : Number.NaN;
  if (Number.isNaN(timestampMs)) throw appError('INVALID_TIMESTAMP', [describe(assigned)]);
  return timestampMs;
}

function describe(assigned: unknown): string {
  return typeof assigned === 'string' ? `the text ${JSON.stringify(assigned)}` : String(assigned);
}
