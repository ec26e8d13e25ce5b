// A column of the heap backend alone, with segments so small that snapshots under way meet every kind of change in many of them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SnapshotCursor } from '../../src/state/cells.ts';
import { HeapColumn } from '../../src/state/heap/heap-column.ts';
import { type CellSink, KeyContext } from '../../src/state/key-context.ts';

const KEYS = 40;
const SEGMENT_BITS = 2;
const TABLE_ID = 0;

/** A value that is changed in place. */
interface Counter {
  n: number;
}

/** Key → number held, whatever holds it. */
type Content = Map<unknown, number>;

function numberIn(value: unknown): number {
  return typeof value === 'object' ? (value as Counter).n : (value as number);
}

/** A snapshot as the backend would write it, and the content at its barrier. */
class Run implements CellSink {
  readonly epoch: number;
  readonly expected: Content;
  readonly written: Content = new Map();
  readonly #context: KeyContext;
  readonly #cursor: SnapshotCursor;

  constructor(fixture: Fixture) {
    this.#context = fixture.context;
    this.epoch = ++this.#context.epoch;
    this.expected = new Map(fixture.content);
    this.#context.beginRun(this);
    this.#cursor = fixture.column.createCursor(this);
  }

  writeCell(_tableId: number, slot: number, _namespace: unknown, value: unknown): void {
    const key = this.#context.keys[slot];
    expect(this.written.has(key)).toBe(false);
    this.written.set(key, numberIn(value));
  }

  advance(cells: number): boolean {
    return this.#cursor.advance(cells);
  }
}

class Fixture {
  readonly context = new KeyContext(() => 0);
  readonly column = new HeapColumn(TABLE_ID, this.context, SEGMENT_BITS);
  readonly content: Content = new Map();
  runs: Run[] = [];

  put(key: number, value: number | Counter): void {
    this.context.setCurrentKey(key);
    this.column.write(value);
    this.content.set(key, numberIn(value));
  }

  /** As user code does: reads, changes in place what can be, writes back. */
  add(key: number, n: number): void {
    this.context.setCurrentKey(key);
    const value = this.column.read();
    if (typeof value === 'object') (value as Counter).n += n;
    this.column.write(typeof value === 'object' ? value : ((value as number | undefined) ?? 0) + n);
    this.content.set(key, (this.content.get(key) ?? 0) + n);
  }

  remove(key: number): void {
    this.context.setCurrentKey(key);
    this.column.remove();
    this.content.delete(key);
  }

  /** Asks for the cursor of a run a second time, and goes through it. */
  writeWhole(run: number): void {
    const chosen = this.runs[run % Math.max(1, this.runs.length)];
    if (chosen === undefined) return;
    while (!this.column.createCursor(chosen).advance(1000));
    this.#end(chosen);
  }

  advance(run: number, cells: number): void {
    const chosen = this.runs[run % Math.max(1, this.runs.length)];
    if (chosen?.advance(cells)) this.#end(chosen);
  }

  endAll(): void {
    for (const run of this.runs) {
      while (!run.advance(3));
      this.#end(run);
    }
  }

  read(): Content {
    const content: Content = new Map();
    this.column.forEachKey((key) => content.set(key, numberIn(this.column.read())));
    return content;
  }

  #end(run: Run): void {
    this.context.endRun(run);
    this.runs = this.runs.filter((other) => other !== run);
    expect(run.written).toEqual(run.expected);
  }
}

type Step = (fixture: Fixture) => void;

const key = fc.nat(KEYS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(key, fc.nat(99)).map(
      ([k, n]) =>
        (fixture: Fixture) =>
          fixture.put(k, n),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(key, fc.nat(99)).map(
      ([k, n]) =>
        (fixture: Fixture) =>
          fixture.put(k, { n }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(key, fc.nat(99)).map(
      ([k, n]) =>
        (fixture: Fixture) =>
          fixture.add(k, n),
    ),
  },
  { weight: 3, arbitrary: key.map((k) => (fixture: Fixture) => fixture.remove(k)) },
  { weight: 2, arbitrary: fc.constant((fixture: Fixture) => void fixture.runs.push(new Run(fixture))) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 4 })).map(([run, cells]) => (fixture: Fixture) => {
      fixture.advance(run, cells);
    }),
  },
  { weight: 1, arbitrary: fc.nat(3).map((run) => (fixture: Fixture) => fixture.writeWhole(run)) },
);

describe('a column', () => {
  test('holds what was put, and snapshots hold what stood at their barrier, whatever happens while they are written', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 300, size: 'max' }), (steps) => {
        const fixture = new Fixture();
        for (const one of steps) one(fixture);
        fixture.endAll();
        expect(fixture.read()).toEqual(fixture.content);
        expect(fixture.column.size()).toBe(fixture.content.size);
      }),
      { numRuns: 120 },
    );
  });
});
