// Elements in flight of an async operator and the order in which their results leave.
//   A1. Ordered: results leave in the order of the elements.
//   A2. Unordered: results leave as they come, but none overtakes a watermark or status that lies between (a fence).
//   A3. An element leaves only when everything of its segment's predecessors left.

export interface AsyncEntry {
  readonly value: unknown;
  /** NaN: the record has none. */
  readonly timestampMs: number;
  /** Undefined until it is completed. */
  results: Iterable<unknown> | undefined;
  started: boolean;
  /** Processing time after which it timed out; +Infinity: never. */
  deadlineMs: number;
}

export type Ready =
  | { readonly kind: 'results'; readonly entry: AsyncEntry }
  | { readonly kind: 'fence'; readonly action: () => void };

interface Segment {
  /** Elements that did not leave, in order of arrival. */
  readonly entries: Set<AsyncEntry>;
  /** Those of them that are completed, in order of completion. */
  readonly completed: AsyncEntry[];
  /** What follows the segment; undefined for the last one. */
  fence: (() => void) | undefined;
}

export class AsyncQueue {
  readonly #ordered: boolean;
  readonly #segments: Segment[] = [newSegment()];
  #size = 0;

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  /** Elements that did not leave. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#size === 0 && this.#segments.length === 1;
  }

  add(entry: AsyncEntry): void {
    this.#lastSegment().entries.add(entry);
    this.#size += 1;
  }

  /** A watermark or status: leaves after all elements before it, and before all after it. */
  addFence(action: () => void): void {
    this.#lastSegment().fence = action;
    this.#segments.push(newSegment());
  }

  /** Tells that `entry.results` is there. */
  markCompleted(entry: AsyncEntry): void {
    this.#segments.find((segment) => segment.entries.has(entry))?.completed.push(entry);
  }

  /** Takes what may leave next; undefined: nothing yet. */
  takeReady(): Ready | undefined {
    const segment = this.#segments[0]!;
    const entry = this.#nextOf(segment);
    if (entry !== undefined) {
      segment.entries.delete(entry);
      this.#size -= 1;
      return { kind: 'results', entry };
    }
    if (segment.entries.size > 0 || segment.fence === undefined) return undefined;
    this.#segments.shift();
    return { kind: 'fence', action: segment.fence };
  }

  /** Elements that did not leave, in order of arrival. */
  *elements(): IterableIterator<AsyncEntry> {
    for (const segment of this.#segments) yield* segment.entries;
  }

  #nextOf(segment: Segment): AsyncEntry | undefined {
    if (!this.#ordered) return segment.completed.shift();
    const [first] = segment.entries;
    return first?.results === undefined ? undefined : first;
  }

  #lastSegment(): Segment {
    return this.#segments[this.#segments.length - 1]!;
  }
}

function newSegment(): Segment {
  return { entries: new Set(), completed: [], fence: undefined };
}
