import { describe, expect, test } from 'vitest';
import { parseParameter } from '../src/index.ts';

const id = '0123456789abcdef0123456789abcdef';

describe('parameters are read as Flink reads them', () => {
  test.each([
    [id, id],
    [id.toUpperCase(), id],
    [`${id}0`, id],
    [`${id}00`, undefined],
    [id.slice(1), undefined],
    [`${id.slice(1)}g`, undefined],
    ['', undefined],
  ])('id %s is %s', (text, expected) => {
    expect(parseParameter({ type: 'hex32' }, text)).toBe(expected);
  });

  test.each([
    ['7', 7],
    ['+7', 7],
    ['-1', -1],
    ['2147483647', 2 ** 31 - 1],
    ['2147483648', undefined],
    ['1.0', undefined],
    ['', undefined],
    ['1e3', undefined],
    [' 1', undefined],
  ])('integer "%s" is %s', (text, expected) => {
    expect(parseParameter({ type: 'integer' }, text)).toBe(expected);
  });

  test('an integer below its minimum is none', () => {
    expect(parseParameter({ type: 'integer', minimum: 0 }, '-1')).toBeUndefined();
  });

  test('booleans are true or else false', () => {
    expect(['true', 'TRUE', 'maybe', '', '1'].map((text) => parseParameter({ type: 'boolean' }, text))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('enumerations take any case', () => {
    expect(parseParameter({ type: 'enum', values: ['cancel', 'stop'] }, 'Cancel')).toBe('cancel');
    expect(parseParameter({ type: 'enum', values: ['cancel', 'stop'] }, 'explode')).toBeUndefined();
  });
});
