import { expect, test } from 'vitest';
import { toJson } from '../../src/http/json.ts';

test('64-bit integers are plain numbers', () => {
  expect(toJson({ interval: 2n ** 63n - 1n, list: [-1n, 1] })).toBe('{"interval":9223372036854775807,"list":[-1,1]}');
});

test('everything else is as JSON.stringify has it', () => {
  const value = { a: 'long:1', b: null, c: undefined, d: [1.5, '"'] };
  expect(toJson(value)).toBe(JSON.stringify(value));
});
