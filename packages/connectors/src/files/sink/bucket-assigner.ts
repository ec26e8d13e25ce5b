// Which folder below the base path a record goes to.
import type { SinkContext } from '@yeoul/engine';
import { appError } from '@yeoul/engine';

export interface BucketAssigner<T> {
  /** @returns a relative path, "/" between names; "": the base path itself */
  getBucketId(record: T, context: SinkContext): string;
}

/** Everything in the base path. */
export class BasePathBucketAssigner<T> implements BucketAssigner<T> {
  getBucketId(): string {
    return '';
  }
}

/** A folder per hour, or other span, of processing time in UTC: the default, as in Flink. */
export class DateTimeBucketAssigner<T> implements BucketAssigner<T> {
  readonly #pattern: string;
  #last = { secondMs: Number.NaN, bucketId: '' };

  /** @param pattern yyyy, MM, dd, HH, mm and ss are replaced */
  constructor(pattern = 'yyyy-MM-dd--HH') {
    this.#pattern = pattern;
  }

  getBucketId(_record: T, context: SinkContext): string {
    const nowMs = context.currentProcessingTime();
    const secondMs = nowMs - (nowMs % 1000);
    if (secondMs !== this.#last.secondMs) this.#last = { secondMs, bucketId: formatUtc(secondMs, this.#pattern) };
    return this.#last.bucketId;
  }
}

function formatUtc(timeMs: number, pattern: string): string {
  const [yyyy = '', MM = '', dd = '', HH = '', mm = '', ss = ''] = new Date(timeMs).toISOString().split(/\D/);
  const parts: Readonly<Record<string, string>> = { yyyy, MM, dd, HH, mm, ss };
  return pattern.replace(/yyyy|MM|dd|HH|mm|ss/g, (token) => parts[token] as string);
}

/** A bucket may not lead out of the base path, nor hide. @throws INVALID_SETTING */
export function checkBucketId(bucketId: string): string {
  const isFine = bucketId === '' || bucketId.split('/').every((name) => name !== '' && !name.startsWith('.'));
  if (isFine && !bucketId.includes('\\') && !bucketId.includes('\0')) return bucketId;
  throw appError('INVALID_SETTING', [
    'bucket id',
    JSON.stringify(bucketId),
    'names with "/" between them, none empty or starting with "."',
  ]);
}
