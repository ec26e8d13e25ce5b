// Hands a batch of records over, waiting for room now and then.
import type { SourceContext } from '@yeoul/engine';

// 64: well below what a source may collect without waiting, and few enough promises.
const RECORDS_PER_WAIT = 64;

/** @returns false when the source was stopped in between */
export async function collectAll<T>(context: SourceContext<T>, records: readonly T[]): Promise<boolean> {
  for (const [i, record] of records.entries()) {
    if (!context.isRunning()) return false;
    if (i % RECORDS_PER_WAIT === RECORDS_PER_WAIT - 1) await context.collectAsync(record);
    else context.collect(record);
  }
  return context.isRunning();
}
