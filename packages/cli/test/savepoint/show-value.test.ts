import { expect, test } from 'vitest';
import { describeSerializer } from '../../src/savepoint/describe-type.ts';
import { showValue, toPlain } from '../../src/savepoint/show-value.ts';

const value = {
  text: 'a "b"',
  'a b': [1, -0, Number.NaN, null, undefined],
  map: new Map<unknown, unknown>([[{ k: 1 }, new Set(['x'])]]),
  time: new Date(0),
  big: 12n,
  bytes: new Uint8Array([1, 255]),
};

test('a value is one line, as a program would write it', () => {
  expect(showValue(value)).toBe(
    '{text: "a \\"b\\"", "a b": [1, -0, NaN, null, undefined], map: Map {{k: 1} => Set {"x"}}, time: 1970-01-01T00:00:00.000Z, big: 12n, bytes: bytes(2) 01ff}',
  );
});

test('a cycle ends', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  expect(showValue(cycle)).toContain('…');
});

test('as JSON nothing is lost silently', () => {
  expect(JSON.parse(JSON.stringify(toPlain(value)))).toEqual({
    text: 'a "b"',
    'a b': [1, 0, 'NaN', null, null],
    map: [[{ k: 1 }, ['x']]],
    time: '1970-01-01T00:00:00.000Z',
    big: '12',
    bytes: 'Af8=',
  });
});

test.each([
  ['{"kind":"generic"}', 'any'],
  ['{"kind":"map","key":{"kind":"string"},"value":{"kind":"list","element":{"kind":"int"}}}', 'Map<string, int[]>'],
  [
    '{"kind":"row","fields":[{"name":"a","type":{"kind":"optional","inner":{"kind":"long"}}},{"name":"b","type":{"kind":"tuple","elements":[{"kind":"double"}]}}]}',
    '{a: long?, b: [double]}',
  ],
  ['no json', 'no json'],
])('%s is the type %s', (description, type) => {
  expect(describeSerializer(description)).toBe(type);
});
