// The oracle: keyed state as plain Maps, and the operations of the model test on both.
import fc from 'fast-check';
import { canonicalKey } from '../../src/state/index.ts';
import { type States, windowOf } from './state-fixture.ts';

export const KEYS: readonly unknown[] = [
  0,
  1,
  2,
  7,
  -5,
  1e12,
  0.5,
  'a',
  'b',
  'ünï',
  '여울',
  true,
  { id: 1, name: 'x' },
  ['t', 2],
  10n,
];
export const WINDOWS = [0, 1, 2];
/** Keys of bulk updates: more than a snapshot writes between two looks at the clock. */
const BULK = 1500;
/** Keys of a pane: more than the backends of the tests cache. */
const PANE_KEYS = 40;
/** Elements of a list or map that backends may keep in parts. */
const MANY = 150;

interface TimerModel {
  readonly timestampMs: number;
  readonly key: unknown;
  readonly namespace: unknown;
}

export class Model {
  /** By canonical key: [key, content]. */
  keys = new Map<string, [unknown, Map<string, unknown>]>();
  timers = new Map<string, TimerModel>();

  clone(): Model {
    const copy = new Model();
    copy.keys = new Map([...this.keys].map(([id, [key, content]]) => [id, [key, structuredClone(content)]]));
    copy.timers = new Map(this.timers);
    return copy;
  }

  content(key: unknown): Map<string, unknown> {
    const id = canonicalKey(key);
    const present = this.keys.get(id);
    if (present !== undefined) return present[1];
    const content = new Map<string, unknown>();
    this.keys.set(id, [key, content]);
    return content;
  }

  read(key: unknown): Record<string, unknown> {
    const content = this.keys.get(canonicalKey(key))?.[1] ?? new Map<string, unknown>();
    const readable = [...content].map(([name, value]) => [name, value instanceof Map ? [...value.values()] : value]);
    return Object.fromEntries(readable) as Record<string, unknown>;
  }
}

type Update = (states: States, model: Model) => void;

function set(content: Map<string, unknown>, name: string, value: unknown): void {
  content.set(name, value);
}

function textOf(values: readonly number[]): string {
  return `${values.reduce((a, b) => a + b, 0)}:${values.join(',')}`;
}

/** Values of an aggregate, kept beside its text. */
function addToTotal(content: Map<string, unknown>, name: string, value: number): void {
  const present = content.get(name) as string | undefined;
  const values = present === undefined ? [] : present.split(':')[1]!.split(',').map(Number);
  set(content, name, textOf([...values, value]));
}

const key = fc.constantFrom(...KEYS);
const window = fc.constantFrom(...WINDOWS);
const int = fc.integer({ min: -100, max: 100 });
const mapKey = fc.constantFrom<unknown>('m', 1, { part: 1 }, { part: 2 });

function bulkMapKey(i: number): unknown {
  return i % 5 === 0 ? { part: i } : 100 + i;
}

/** Runs with the key current and its content at hand. */
function onKey(apply: (states: States, content: Map<string, unknown>, model: Model) => void, at: unknown): Update {
  return (states, model) => {
    states.backend.setCurrentKey(at);
    const content = model.content(at);
    apply(states, content, model);
  };
}

const updates: fc.Arbitrary<readonly [string, Update]>[] = [
  fc.tuple(key, int).map(
    ([k, n]) =>
      [
        `count ${n}`,
        onKey((s, c) => {
          s.count.update(n);
          set(c, 'count', n);
        }, k),
      ] as const,
  ),
  key.map(
    (k) =>
      [
        'count +1',
        onKey((s, c) => {
          s.count.update((s.count.value() ?? 0) + 1);
          set(c, 'count', ((c.get('count') as number | undefined) ?? 0) + 1);
        }, k),
      ] as const,
  ),
  key.map(
    (k) =>
      [
        'count clear',
        onKey((s, c) => {
          s.count.clear();
          c.delete('count');
        }, k),
      ] as const,
  ),
  fc.tuple(key, int).map(
    ([k, n]) =>
      [
        'object update',
        onKey((s, c) => {
          s.object.update({ n, tags: [`t${n}`] });
          set(c, 'object', { n, tags: [`t${n}`] });
        }, k),
      ] as const,
  ),
  fc.tuple(key, int).map(
    ([k, n]) =>
      [
        'object change in place',
        onKey((s, c) => {
          const object = s.object.value();
          if (object === undefined) return;
          object.tags.push(`p${n}`);
          s.object.update(object);
          (c.get('object') as { tags: string[] }).tags.push(`p${n}`);
        }, k),
      ] as const,
  ),
  fc.tuple(key, int).map(
    ([k, n]) =>
      [
        'list add',
        onKey((s, c) => {
          s.list.add(`e${n}`);
          set(c, 'list', [...((c.get('list') as string[] | undefined) ?? []), `e${n}`]);
        }, k),
      ] as const,
  ),
  fc.tuple(key, fc.array(int, { maxLength: 3 })).map(
    ([k, items]) =>
      [
        'list update',
        onKey((s, c) => {
          s.list.update(items.map((n) => `u${n}`));
          if (items.length === 0) c.delete('list');
          else
            set(
              c,
              'list',
              items.map((n) => `u${n}`),
            );
        }, k),
      ] as const,
  ),
  fc.tuple(key, mapKey, int).map(
    ([k, m, n]) =>
      [
        'map put',
        onKey((s, c) => {
          s.map.put(m, n);
          const map =
            (c.get('map') as Map<string, [unknown, number]> | undefined) ?? new Map<string, [unknown, number]>();
          map.set(canonicalKey(m), [m, n]);
          set(c, 'map', map);
        }, k),
      ] as const,
  ),
  fc.tuple(key, mapKey).map(
    ([k, m]) =>
      [
        'map remove',
        onKey((s, c) => {
          s.map.remove(m);
          const map = c.get('map') as Map<string, unknown> | undefined;
          map?.delete(canonicalKey(m));
          if (map?.size === 0) c.delete('map');
        }, k),
      ] as const,
  ),
  fc.tuple(key, int).map(
    ([k, n]) =>
      [
        'map bulk put',
        onKey((s, c) => {
          const map =
            (c.get('map') as Map<string, [unknown, number]> | undefined) ?? new Map<string, [unknown, number]>();
          for (let i = 0; i < MANY; i++) {
            s.map.put(bulkMapKey(i), n + i);
            map.set(canonicalKey(bulkMapKey(i)), [bulkMapKey(i), n + i]);
          }
          set(c, 'map', map);
        }, k),
      ] as const,
  ),
  fc.tuple(key, fc.integer({ min: 1, max: MANY })).map(
    ([k, step]) =>
      [
        `map bulk remove, every ${step}th stays`,
        onKey((s, c) => {
          const map = c.get('map') as Map<string, unknown> | undefined;
          for (let i = 0; i < MANY; i++) {
            if (i % step === 0) continue;
            s.map.remove(bulkMapKey(i));
            map?.delete(canonicalKey(bulkMapKey(i)));
          }
          if (map?.size === 0) c.delete('map');
        }, k),
      ] as const,
  ),
  fc.tuple(key, fc.nat(MANY - 1), int).map(
    ([k, i, n]) =>
      [
        'map get and put of one of many',
        onKey((s, c) => {
          const map = c.get('map') as Map<string, [unknown, number]> | undefined;
          const id = canonicalKey(bulkMapKey(i));
          const expected = map?.get(id)?.[1];
          const actual = s.map.get(bulkMapKey(i));
          if (actual !== expected || s.map.contains(bulkMapKey(i)) !== (expected !== undefined))
            throw new Error(`map has ${actual} at ${id} instead of ${expected}`);
          if (map === undefined) return;
          s.map.put(bulkMapKey(i), n);
          map.set(id, [bulkMapKey(i), n]);
        }, k),
      ] as const,
  ),
  fc.tuple(key, int).map(
    ([k, n]) =>
      [
        'list bulk add',
        onKey((s, c) => {
          const items = Array.from({ length: MANY }, (_, i) => `b${n + i}`);
          s.list.addAll(items);
          set(c, 'list', [...((c.get('list') as string[] | undefined) ?? []), ...items]);
        }, k),
      ] as const,
  ),
  fc.tuple(key, window, int).map(
    ([k, w, n]) =>
      [
        'window list bulk add',
        onKey((s, c) => {
          const items = Array.from({ length: MANY }, (_, i) => n + i);
          s.windowList.setCurrentNamespace(windowOf(w));
          s.windowList.addAll(items);
          set(c, `windowList ${w}`, [...((c.get(`windowList ${w}`) as number[] | undefined) ?? []), ...items]);
        }, k),
      ] as const,
  ),
  fc.tuple(key, int).map(
    ([k, n]) =>
      [
        'maximum add',
        onKey((s, c) => {
          s.maximum.add(n);
          set(c, 'maximum', Math.max((c.get('maximum') as number | undefined) ?? n, n));
        }, k),
      ] as const,
  ),
  fc.tuple(key, int).map(
    ([k, n]) =>
      [
        'total add',
        onKey((s, c) => {
          s.total.add(n);
          addToTotal(c, 'total', n);
        }, k),
      ] as const,
  ),
  key.map(
    (k) =>
      [
        'clear all',
        onKey((s, c) => {
          for (const state of [s.count, s.object, s.list, s.map, s.maximum, s.total]) state.clear();
          for (const name of ['count', 'object', 'list', 'map', 'maximum', 'total']) c.delete(name);
        }, k),
      ] as const,
  ),
  fc.tuple(key, window, int).map(
    ([k, w, n]) =>
      [
        'window list add',
        onKey((s, c) => {
          s.windowList.setCurrentNamespace(windowOf(w));
          s.windowList.add(n);
          set(c, `windowList ${w}`, [...((c.get(`windowList ${w}`) as number[] | undefined) ?? []), n]);
        }, k),
      ] as const,
  ),
  fc.tuple(key, window).map(
    ([k, w]) =>
      [
        'window list clear',
        onKey((s, c) => {
          s.windowList.setCurrentNamespace(windowOf(w));
          s.windowList.clear();
          c.delete(`windowList ${w}`);
        }, k),
      ] as const,
  ),
  fc.tuple(key, window, window).map(
    ([k, from, to]) =>
      [
        'window list merge',
        onKey((s, c) => {
          if (from === to) return;
          s.windowList.mergeNamespaces(windowOf(to), [windowOf(from)]);
          const items = c.get(`windowList ${from}`) as number[] | undefined;
          if (items === undefined) return;
          c.delete(`windowList ${from}`);
          set(c, `windowList ${to}`, [...((c.get(`windowList ${to}`) as number[] | undefined) ?? []), ...items]);
        }, k),
      ] as const,
  ),
  fc.tuple(key, window, int).map(
    ([k, w, n]) =>
      [
        'pane add',
        onKey((s, c) => {
          const pane = s.panes.open(windowOf(w));
          const accumulator = pane.get() ?? { sum: 0, seen: [] };
          accumulator.sum += n;
          accumulator.seen.push(n);
          pane.put(accumulator);
          addToTotal(c, `windowTotal ${w}`, n);
        }, k),
      ] as const,
  ),
  fc.tuple(key, window, int).map(
    ([k, w, n]) =>
      [
        'window total add',
        onKey((s, c) => {
          s.windowTotal.setCurrentNamespace(windowOf(w));
          s.windowTotal.add(n);
          addToTotal(c, `windowTotal ${w}`, n);
        }, k),
      ] as const,
  ),
  fc.tuple(key, window, int).map(
    ([k, w, n]) =>
      [
        'pane put',
        onKey((s, c) => {
          s.panes.open(windowOf(w)).put({ sum: n, seen: [n] });
          set(c, `windowTotal ${w}`, textOf([n]));
        }, k),
      ] as const,
  ),
  fc.tuple(window, int, fc.nat(PANE_KEYS - 1)).map(
    ([w, n, first]) =>
      [
        'pane bulk put',
        (s: States, m: Model) => {
          const pane = s.panes.open(windowOf(w));
          for (let i = first; i < PANE_KEYS; i++) {
            s.backend.setCurrentKey(2000 + i);
            pane.put({ sum: n + i, seen: [n + i] });
            set(m.content(2000 + i), `windowTotal ${w}`, textOf([n + i]));
          }
        },
      ] as const,
  ),
  window.map(
    (w) =>
      [
        'pane drop',
        (s: States, m: Model) => {
          s.panes.drop(windowOf(w));
          for (const [, c] of m.keys.values()) c.delete(`windowTotal ${w}`);
        },
      ] as const,
  ),
  window.map(
    (w) =>
      [
        'pane fire and drop',
        (s: States, m: Model) => {
          const visited = new Set<string>();
          s.panes.find(windowOf(w))?.forEach((_accumulator, k) => {
            visited.add(canonicalKey(k));
          });
          const expected = [...m.keys].filter(([, [, c]]) => c.has(`windowTotal ${w}`)).map(([id]) => id);
          if (visited.size !== expected.length || expected.some((id) => !visited.has(id))) {
            throw new Error(`window ${w} fired for ${[...visited].join()} instead of ${expected.join()}`);
          }
          s.panes.drop(windowOf(w));
          for (const [, c] of m.keys.values()) c.delete(`windowTotal ${w}`);
        },
      ] as const,
  ),
  fc.tuple(key, fc.constantFrom<unknown>(undefined, 'n', windowOf(1)), fc.integer({ min: 0, max: 5 })).map(
    ([k, namespace, at]) =>
      [
        'timer set',
        onKey((s, _c, m) => {
          s.timers.registerEventTimeTimer(namespace, at * 100);
          m.timers.set(canonicalKey([at * 100, k, namespace]), { timestampMs: at * 100, key: k, namespace });
        }, k),
      ] as const,
  ),
  fc.tuple(key, fc.constantFrom<unknown>(undefined, 'n'), fc.integer({ min: 0, max: 5 })).map(
    ([k, namespace, at]) =>
      [
        'timer delete',
        onKey((s, _c, m) => {
          s.timers.deleteEventTimeTimer(namespace, at * 100);
          m.timers.delete(canonicalKey([at * 100, k, namespace]));
        }, k),
      ] as const,
  ),
  fc.integer({ min: -1, max: 5 }).map(
    (at) =>
      [
        'watermark',
        (s: States, m: Model) => {
          s.fired.length = 0;
          s.timers.advanceWatermark(at * 100, 1e9);
          expectFired(s, m, at * 100);
        },
      ] as const,
  ),
  int.map(
    (n) =>
      [
        'bulk count',
        (s: States, m: Model) => {
          for (let i = 0; i < BULK; i++) {
            s.backend.setCurrentKey(1000 + i);
            s.count.update(n + i);
            set(m.content(1000 + i), 'count', n + i);
          }
        },
      ] as const,
  ),
  fc.constant([
    'bulk clear',
    (s: States, m: Model) => {
      for (let i = 0; i < BULK; i += 2) {
        s.backend.setCurrentKey(1000 + i);
        s.count.clear();
        m.content(1000 + i).delete('count');
      }
    },
  ] as const),
];

function expectFired(states: States, model: Model, watermarkMs: number): void {
  const expected: string[] = [];
  for (const [id, timer] of model.timers) {
    if (timer.timestampMs > watermarkMs) continue;
    expected.push(id);
    model.timers.delete(id);
  }
  const fired = states.fired.map((t) => canonicalKey([t.timestampMs, t.key, t.namespace]));
  if (fired.slice().sort().join('\n') !== expected.sort().join('\n')) {
    throw new Error(`fired ${fired.join(' ')}, expected ${expected.join(' ')}`);
  }
  const times = states.fired.map((t) => t.timestampMs);
  if (times.some((time, i) => i > 0 && time < times[i - 1]!)) throw new Error(`out of order: ${times.join()}`);
}

export type Operation =
  | { readonly kind: 'update'; readonly name: string; readonly update: Update }
  /** `outcome`: what becomes of the checkpoint once it is written. */
  | { readonly kind: 'snapshot'; readonly savepoint: boolean; readonly outcome: 'completed' | 'aborted' | 'unknown' }
  /** Steps of snapshot number `run` (modulo those under way). */
  | { readonly kind: 'step'; readonly run: number; readonly count: number }
  | { readonly kind: 'abort'; readonly run: number }
  /** One step of it. */
  | { readonly kind: 'cleanUp' }
  | { readonly kind: 'verify' };

/** Counterexamples show the name. */
function toUpdate(name: string, update: Update): Operation {
  const operation: Operation = { kind: 'update', name, update };
  return Object.assign(operation, { [fc.toStringMethod]: () => name });
}

const update = fc.oneof(...updates).map(([name, apply]) => toUpdate(name, apply));

function isOfPanes(operation: Operation): boolean {
  return operation.kind === 'update' && /^(pane|window total)/.test(operation.name);
}

const snapshot = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom('completed', 'completed', 'completed', 'aborted', 'unknown'))
  .map(([kind, outcome]): Operation => ({ kind: 'snapshot', savepoint: kind === 0, outcome }));

const step = fc
  .record({ run: fc.nat(3), count: fc.constantFrom(1, 2, 5, 20) })
  .map((choice): Operation => ({ kind: 'step', ...choice }));

const abort = fc.nat(3).map((run): Operation => ({ kind: 'abort', run }));

export const operations = fc.array(
  fc.oneof(
    { arbitrary: update, weight: 30 },
    { arbitrary: snapshot, weight: 3 },
    { arbitrary: step, weight: 9 },
    { arbitrary: abort, weight: 1 },
    { arbitrary: fc.constant<Operation>({ kind: 'cleanUp' }), weight: 2 },
    { arbitrary: fc.constant<Operation>({ kind: 'verify' }), weight: 1 },
  ),
  { minLength: 20, maxLength: 160, size: 'max' },
);

/** Windows alone: they are filled, dropped and used again, over and over. */
export const paneOperations = fc.array(
  fc.oneof(
    { arbitrary: update.filter(isOfPanes), weight: 16 },
    { arbitrary: snapshot, weight: 3 },
    { arbitrary: step, weight: 6 },
    { arbitrary: abort, weight: 1 },
    { arbitrary: fc.constant<Operation>({ kind: 'cleanUp' }), weight: 8 },
    { arbitrary: fc.constant<Operation>({ kind: 'verify' }), weight: 1 },
  ),
  { minLength: 20, maxLength: 120, size: 'max' },
);
