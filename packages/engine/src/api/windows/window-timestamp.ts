import { appError } from '../../errors.ts';

/** Event-time windows need a timestamp on every record. */
export function requireTimestamp(timestampMs: number, assigner: string): number {
  if (Number.isNaN(timestampMs)) throw appError('NO_TIMESTAMP', [assigner]);
  return timestampMs;
}
