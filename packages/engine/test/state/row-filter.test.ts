import { expect, test } from 'vitest';
import { RowFilter } from '../../src/state/disk/row-filter.ts';

function keyOf(i: number): Uint8Array {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(6, i, true);
  return bytes;
}

test('keys that were added are never denied, others nearly always', () => {
  const filter = new RowFilter();
  const count = 50_000;
  for (let i = 0; i < count; i++) filter.add(keyOf(i * 3));
  let denied = 0;
  let passed = 0;
  for (let i = 0; i < count; i++) {
    if (!filter.mayHave(keyOf(i * 3))) denied++;
    if (filter.mayHave(keyOf(i * 3 + 1))) passed++;
  }
  expect(denied).toBe(0);
  // 0.004 % by the formula.
  expect(passed / count).toBeLessThan(0.005);
});
