// Panes of the heap backend alone, with enough keys that they change between listed and dense (P4) while snapshots are written.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SnapshotCursor } from '../../src/state/cells.ts';
import { HeapPaneTable } from '../../src/state/heap/heap-panes.ts';
import { type CellSink, KeyContext } from '../../src/state/key-context.ts';
import { NO_ROW } from '../../src/state/pane.ts';

const KEYS = 120;
const NAMESPACES = 3;
const TABLE_ID = 0;
/** Sixteen rows: panes have many segments. */
const SEGMENT_BITS = 4;

interface Counter {
  n: number;
}

/** `${namespace} ${key}` → count. */
type Content = Map<string, number>;

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
    this.#cursor = fixture.table.createCursor(this);
  }

  writeCell(_tableId: number, slot: number, namespace: unknown, value: unknown): void {
    const id = `${namespace} ${this.#context.keys[slot]}`;
    expect(this.written.has(id)).toBe(false);
    this.written.set(id, (value as Counter).n);
  }

  advance(cells: number): boolean {
    return this.#cursor.advance(cells);
  }
}

class Fixture {
  readonly context = new KeyContext(() => 0);
  readonly table = new HeapPaneTable(TABLE_ID, this.context, SEGMENT_BITS);
  readonly content: Content = new Map();
  runs: Run[] = [];

  constructor(holdsNumbers = false) {
    if (holdsNumbers) this.table.holdNumbers(['n']);
  }

  /** A value with a field that was not declared. */
  putForeign(namespace: number, key: number, n: number): void {
    this.context.setCurrentKey(`k${key}`);
    this.table.open(namespace).put({ n, tag: 'foreign' });
    this.content.set(`${namespace} k${key}`, n);
  }

  add(namespace: number, key: number, n: number): void {
    this.context.setCurrentKey(`k${key}`);
    const pane = this.table.open(namespace);
    const at = pane.rowAt();
    if (at === NO_ROW) {
      const counter = (pane.get() ?? { n: 0 }) as Counter;
      counter.n += n;
      pane.put(counter);
    } else pane.rows!.numbers[at]! += n;
    const id = `${namespace} k${key}`;
    this.content.set(id, (this.content.get(id) ?? 0) + n);
  }

  remove(namespace: number, key: number): void {
    this.context.setCurrentKey(`k${key}`);
    this.table.open(namespace).remove();
    this.content.delete(`${namespace} k${key}`);
  }

  drop(namespace: number): void {
    this.table.drop(namespace);
    for (const id of [...this.content.keys()]) if (id.startsWith(`${namespace} `)) this.content.delete(id);
  }

  advance(run: number, cells: number): void {
    const chosen = this.runs[run % Math.max(1, this.runs.length)];
    if (chosen?.advance(cells)) this.#end(chosen);
  }

  endAll(): void {
    for (const run of this.runs) {
      while (!run.advance(7));
      this.#end(run);
    }
  }

  read(): Content {
    const content: Content = new Map();
    for (const pane of this.table.all()) {
      pane.forEachReadOnly((value, key) => content.set(`${pane.namespace} ${key}`, (value as Counter).n));
    }
    return content;
  }

  #end(run: Run): void {
    this.context.endRun(run);
    this.runs = this.runs.filter((other) => other !== run);
    if (!this.context.isSnapshotting) this.table.releaseOrphans();
    expect(run.written).toEqual(run.expected);
  }
}

type Step = (fixture: Fixture) => void;

const namespace = fc.nat(NAMESPACES - 1);
const key = fc.nat(KEYS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(namespace, key, fc.integer({ min: 1, max: 9 })).map(
    ([at, k, n]): Step =>
      (fixture) =>
        fixture.add(at, k, n),
  ),
  // A run of keys: fills a pane until it is dense, or makes slots that leave it sparse.
  fc.tuple(namespace, key, fc.nat(60)).map(
    ([at, first, count]): Step =>
      (fixture) => {
        for (let i = 0; i < count; i++) fixture.add(at, (first + i) % (KEYS * 4), 1);
      },
  ),
  fc.tuple(namespace, key, fc.nat(60)).map(
    ([at, first, count]): Step =>
      (fixture) => {
        for (let i = 0; i < count; i++) fixture.remove(at, first + i);
      },
  ),
  namespace.map(
    (at): Step =>
      (fixture) =>
        fixture.drop(at),
  ),
  fc.tuple(namespace, key, fc.nat(40)).map(
    ([at, k, n]): Step =>
      (fixture) => {
        // Seldom: it ends the holding of bare numbers.
        if (n === 0) fixture.putForeign(at, k, n);
      },
  ),
  fc.constant<Step>((fixture) => fixture.runs.push(new Run(fixture))),
  fc.tuple(fc.nat(2), fc.constantFrom(1, 5, 40)).map(
    ([run, cells]): Step =>
      (fixture) =>
        fixture.advance(run, cells),
  ),
);

describe('heap panes', () => {
  test('hold what was put, and snapshots what stood at their barrier, however their cells move', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), fc.boolean(), (steps, holdsNumbers) => {
        const fixture = new Fixture(holdsNumbers);
        for (const apply of steps) {
          apply(fixture);
          expect(fixture.read()).toEqual(fixture.content);
        }
        fixture.endAll();
        expect(fixture.read()).toEqual(fixture.content);
      }),
      { numRuns: 300 },
    );
  });

  test('hold rows of numbers as numbers until a value is no such row', () => {
    const fixture = new Fixture(true);
    for (let k = 0; k < 20; k++) fixture.add(0, k, k + 0.5);
    const pane = fixture.table.open(0);
    expect([pane.rows?.numbers[3], pane.rows?.present[3], pane.size]).toEqual([3.5, 1, 20]);
    fixture.putForeign(0, 3, 7);
    fixture.add(0, 30, 1);
    expect([pane.rows, fixture.read()]).toEqual([undefined, fixture.content]);
    fixture.context.setCurrentKey('k3');
    expect(pane.get()).toEqual({ n: 7, tag: 'foreign' });
  });

  test('callbacks may add keys, which are not visited', () => {
    const fixture = new Fixture();
    for (let k = 0; k < 10; k++) fixture.add(0, k, 1);
    const visited: unknown[] = [];
    fixture.table.open(0).forEach((_value, visitedKey) => {
      visited.push(visitedKey);
      fixture.add(0, 200 + visited.length * 7, 1);
    });
    expect(visited).toEqual(Array.from({ length: 10 }, (_, k) => `k${k}`));
    expect(fixture.read()).toEqual(fixture.content);
  });

  test('keys of dropped panes are given back, those of the last one with the next', () => {
    const fixture = new Fixture();
    for (let window = 0; window < 50; window++) {
      for (let k = 0; k < 100; k++) fixture.add(window, window * 100 + k, 1);
      fixture.drop(window);
    }
    expect([fixture.context.liveSlots, fixture.context.slotLimit]).toEqual([100, 200]);
  });
});
