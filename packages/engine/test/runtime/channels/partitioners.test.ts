import { describe, expect, test } from 'vitest';
import { type TypeInformation, Types } from '../../../src/api/type-information.ts';
import { sourcesOf, targetsOf } from '../../../src/graph/edge-topology.ts';
import { fieldOfSelector } from '../../../src/graph/key-access.ts';
import type { Partitioner } from '../../../src/graph/transformation.ts';
import {
  computeKeyGroupForKeyHash,
  computeOperatorIndexForKeyGroup,
  createKeyHasher,
} from '../../../src/state/key-groups.ts';
import { createFixture, type Received } from './channel-fixture.ts';

const numbers = [0, 1, 2, 3, 4, 5, 6];

function deal(partitioner: Partitioner, targets: string, values: readonly unknown[], random = () => 0): unknown[][] {
  const fixture = createFixture({ partitioner, targets, random, segments: 4 });
  for (const value of values) fixture.emit(value);
  fixture.drain();
  return fixture.ends.map((end) => end.received.map((item) => (item as Received).value));
}

describe('partitioners', () => {
  test('rebalance goes round robin from a random channel', () => {
    expect(deal({ kind: 'rebalance' }, 'rlr', numbers, () => 0.5)).toStrictEqual([
      [1, 4],
      [2, 5],
      [0, 3, 6],
    ]);
  });

  test('rescale goes round robin from the first', () => {
    expect(deal({ kind: 'rescale' }, 'rl', numbers)).toStrictEqual([
      [0, 2, 4, 6],
      [1, 3, 5],
    ]);
  });

  test('global takes the first channel, forward the only one', () => {
    expect([deal({ kind: 'global' }, 'rr', numbers), deal({ kind: 'forward' }, 'l', numbers)]).toStrictEqual([
      [numbers, []],
      [numbers],
    ]);
  });

  test('shuffle follows the given random numbers', () => {
    let i = 0;
    const draws = [0.9, 0.1, 0.5, 0.4, 0.999, 0, 0.34];
    expect(deal({ kind: 'shuffle' }, 'rrr', numbers, () => draws[i++]!)).toStrictEqual([
      [1, 5],
      [2, 3, 6],
      [0, 4],
    ]);
  });

  test('broadcast brings everything to everyone, local or remote', () => {
    const values = [{ id: 'a', n: 1 }, { id: 'a', n: 2 }, 'x'.repeat(5_000), { id: 'b', n: 3 }];
    expect(deal({ kind: 'broadcast' }, 'rlr', values)).toStrictEqual([values, values, values]);
  });

  test('custom gets the key and the number of channels, and must stay within', () => {
    const partition = (key: number, count: number) => (key * 2) % count;
    const partitioner: Partitioner = {
      kind: 'custom',
      partition: partition as never,
      keySelector: ((v: { k: number }) => v.k) as never,
    };
    const values = [{ k: 0 }, { k: 1 }, { k: 2 }];
    expect(deal(partitioner, 'rlr', values)).toStrictEqual([[{ k: 0 }], [{ k: 2 }], [{ k: 1 }]]);
    const wrong: Partitioner = { ...partitioner, partition: () => 3 } as Partitioner;
    expect(() => deal(wrong, 'rlr', values)).toThrow('The custom partitioner chose channel 3 of 3');
  });
});

const selectors: [string, (value: { id: unknown }) => unknown][] = [
  ['a field', (value) => value.id],
  [
    'computed',
    (value) => {
      const { id } = value;
      return typeof id === 'string' ? `${id}!` : id;
    },
  ],
];

describe('hash partitioning', () => {
  test.each(selectors)(
    'sends a key to the owner of its key group and delivers it with the record: %s',
    (_name, select) => {
      const ids = [
        ...Array.from({ length: 300 }, (_, i) => `key-${i % 120}`),
        'x'.repeat(700),
        '',
        'é',
        '한',
        'a\ud800',
      ];
      for (const [type, keyType] of [
        [Types.row({ id: Types.string, n: Types.int }), Types.string],
        [undefined, undefined],
      ] as const) {
        for (const targets of ['r', 'l', 'rrr', 'rlr', 'lll', 'r'.repeat(40)]) {
          const fixture = createFixture({
            type,
            targets,
            partitioner: { kind: 'hash', keySelector: select as never, keyType },
          });
          const values = ids.map((id, n) => ({ id, n }));
          for (const value of values) {
            fixture.emit(value, value.n);
            if (value.n % 7 === 0) fixture.drain();
          }
          fixture.drain();
          const hash = createKeyHasher(keyType);
          const ownerOf = (key: unknown) =>
            computeOperatorIndexForKeyGroup(128, targets.length, computeKeyGroupForKeyHash(hash(key), 128));
          const expected = [...targets].map((_, t) =>
            values
              .filter((value) => ownerOf(select(value)) === t)
              .map((value) => ({ value, timestampMs: value.n, key: select(value) })),
          );
          expect(fixture.ends.map((end) => end.received)).toStrictEqual(expected);
        }
      }
    },
  );

  test.each<[string, TypeInformation, unknown, string]>([
    ['undefined', Types.string, undefined, 'undefined'],
    ['null', Types.string, null, 'null'],
    ['a missing field of several', Types.tuple(Types.string, Types.string), ['a', undefined], '[a, undefined]'],
  ])('a key that is %s is refused by name, and the next record goes through', (_name, keyType, key, shown) => {
    for (const targets of ['r', 'rr', 'rl', 'll']) {
      const partitioner: Partitioner = {
        kind: 'hash',
        keySelector: ((v: { key: unknown }) => v.key) as never,
        keyType,
      };
      const fixture = createFixture({ targets, partitioner });
      const send = () => fixture.emit({ key });
      if (targets.length > 1) {
        expect(send).toThrow(expect.objectContaining({ code: 'KEY_MISSING' }));
        expect(send).toThrow(`The key of a record is ${shown}:`);
      }
      const good = keyType === Types.string ? 'k' : ['k', 'l'];
      fixture.emit({ key: good });
      fixture.drain();
      const values = fixture.ends.flatMap((end) => end.received).map((item) => (item as Received).value);
      expect(values).toStrictEqual([{ key: good }]);
    }
  });

  test.each<[string, unknown[]]>([
    ['numbers', [0, -1, 1.5, 2 ** 40, Number.NaN]],
    ['mixed kinds', ['1', 1, 1n, true, null, undefined, [1, 'a'], { a: 1 }, new Date(5)]],
  ])('keys of any kind arrive as they were: %s', (_name, keys) => {
    const computed: Partitioner = { kind: 'hash', keySelector: (([key]: unknown[]) => key) as never };
    const fixture = createFixture({ targets: 'rr', partitioner: computed });
    for (const key of keys) fixture.emit([key]);
    fixture.drain();
    const received = fixture.ends.flatMap((end) => end.received) as Received[];
    expect(received.map(({ key }) => [key])).toStrictEqual(received.map(({ value }) => value));
    expect(received).toHaveLength(keys.length);
  });

  test('the key of a repeated string is one and the same object for the reader', () => {
    const fixture = createFixture({
      targets: 'r',
      partitioner: { kind: 'hash', keySelector: ((v: { id: string }) => v.id) as never },
    });
    for (let i = 0; i < 10; i++) fixture.emit({ id: `sensor-${i % 2}` });
    fixture.drain();
    expect(new Set(fixture.ends[0]!.received.map((item) => (item as Received).key)).size).toBe(2);
  });

  test('a key that does not travel with its record is sent beside it: getters of classes, undeclared fields', () => {
    class Event {
      readonly n = 5;
      get id(): string {
        return `event-${this.n}`;
      }
    }
    for (const type of [undefined, Types.row({ n: Types.int })]) {
      const partitioner: Partitioner = { kind: 'hash', keySelector: ((event: Event) => event.id) as never };
      const fixture = createFixture({ type, partitioner });
      fixture.emit(new Event());
      fixture.drain();
      expect(fixture.ends[0]!.received).toStrictEqual([{ value: { n: 5 }, timestampMs: Number.NaN, key: 'event-5' }]);
    }
  });

  test('only a plain field or element access counts as one', () => {
    const sources = [
      'x => x.id',
      '(x) => x.id',
      '(abc)=>abc.$v_1',
      'x => x.a.b',
      'x => y.id',
      'x => x.a || x.b',
      'function (x) { return x.id }',
      '([x]) => x.id',
      'x => x.id()',
      'async x => x.id',
      'x => x[0]',
      '(pair) => pair[12]',
      '([word]) => word',
      '([, word]) => word',
      'x => x[i]',
      'x => x[0][1]',
    ];
    expect(sources.map((source) => fieldOfSelector(new Function(`return (${source})`)()))).toStrictEqual([
      'id',
      'id',
      '$v_1',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      0,
      12,
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('connections', () => {
  test('forward connects pairs and all-to-all kinds connect everything', () => {
    expect([0, 1, 2].map((s) => targetsOf('forward', 3, 3, s))).toStrictEqual([[0], [1], [2]]);
    expect(targetsOf('hash', 3, 2, 1)).toStrictEqual([0, 1]);
  });

  test.each([
    [1, 4],
    [2, 5],
    [3, 3],
    [5, 2],
    [4, 1],
    [7, 3],
    [3, 7],
  ])('rescale %i → %i leaves no subtask out and agrees from both sides', (source, target) => {
    const forth = Array.from({ length: source }, (_, s) => targetsOf('rescale', source, target, s));
    const back = Array.from({ length: target }, (_, t) => sourcesOf('rescale', source, target, t));
    expect(new Set(forth.flat()).size).toBe(target);
    expect(new Set(back.flat()).size).toBe(source);
    expect(forth.flat()).toHaveLength(Math.max(source, target));
  });
});
