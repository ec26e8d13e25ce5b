import { expect, test } from 'vitest';
import { crc32, crc32ByTable } from '../../src/checkpoint/crc32.ts';

test('both ways give the standard check value', () => {
  const bytes = Buffer.from('123456789');
  expect([crc32(bytes), crc32ByTable(bytes)]).toEqual([0xcbf43926, 0xcbf43926]);
});

test('checksums can be taken piece by piece', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31) & 0xff);
  for (const sum of [crc32, crc32ByTable]) {
    expect(sum(bytes.subarray(400), sum(bytes.subarray(0, 400)))).toBe(crc32(bytes));
  }
});
