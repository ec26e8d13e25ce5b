import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatJson } from '../format-json.ts';

test('what fits a line stands on one; plain values share lines', () => {
  const value = { id: 2, status: 'COMPLETED', tasks: { a: { id: 2, size: 11 }, b: {} }, path: 'file:/tmp/chk-2' };
  const lines = [
    '{',
    '  "id": 2, "status": "COMPLETED",',
    '  "tasks": {',
    '    "a": { "id": 2, "size": 11 },',
    '    "b": {}',
    '  },',
    '  "path": "file:/tmp/chk-2"',
    '}',
  ];
  expect(formatJson(value, 34).split('\n')).toEqual(lines);
  expect(formatJson({ a: 1, b: 2 })).toBe('{ "a": 1, "b": 2 }');
});

test('it is the same JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 10, max: 120 }), (value, width) => {
      expect(JSON.stringify(JSON.parse(formatJson(value, width)))).toBe(JSON.stringify(value));
    }),
  );
});
