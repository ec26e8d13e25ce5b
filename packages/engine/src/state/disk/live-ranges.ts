// Dropped namespaces leave rows behind that are dead until they are removed (see dropped-pages.ts): who scans a whole state
// goes round them.

/** Of keys: [start, end). */
export interface KeyRange {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}

/** What a snapshot knows of a dropped namespace. */
export interface DroppedRows {
  readonly prefix: Uint8Array;
  /** Epoch of the drop. */
  readonly epoch: number;
}

/** @param dead prefixes within [start, end), in any order */
export function* liveRanges({ start, end }: KeyRange, dead: readonly Uint8Array[]): IterableIterator<KeyRange> {
  let from = start;
  for (const prefix of [...dead].sort(Buffer.compare)) {
    if (Buffer.compare(prefix, from) > 0) yield { start: from, end: prefix };
    const after = endOfPrefix(prefix);
    if (Buffer.compare(after, from) > 0) from = after;
  }
  if (Buffer.compare(end, from) > 0) yield { start: from, end };
}

export function rangeOf(prefix: Uint8Array): KeyRange {
  return { start: prefix, end: endOfPrefix(prefix) };
}

/** First key after all that begin with the prefix. No prefix is all 0xFF: state ids are small. */
export function endOfPrefix(prefix: Uint8Array): Uint8Array {
  const end = prefix.slice();
  let last = end.length - 1;
  while (end[last] === 0xff) last--;
  end[last]!++;
  return end.subarray(0, last + 1);
}
