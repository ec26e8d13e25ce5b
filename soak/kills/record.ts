/** One record of the run; the key follows from partition and index. */
export interface SourceRecord {
  readonly partition: number;
  readonly index: number;
  readonly key: string;
}

/** What is written: `count` is the how-manieth record of its key this was. */
export interface CountedRecord extends SourceRecord {
  readonly count: number;
}

export function recordAt(partition: number, index: number, keys: number): SourceRecord {
  return { partition, index, key: `key-${(partition * 7_919 + index * 104_729) % keys}` };
}
