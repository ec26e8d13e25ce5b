import { expect, test } from 'vitest';
import { loadBetween, parseCpuLine, parseProcessCpuSeconds } from '../src/machine-load.ts';

test('busy time is all but idle and waiting, and steal is apart', () => {
  expect(parseCpuLine('cpu  100 20 30 9000 500 4 6 70 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n')).toEqual({
    busySeconds: 1.6,
    stealSeconds: 0.7,
  });
});

test('the CPU time of a process whose name holds spaces and parentheses is found', () => {
  const stat = '42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 11 0 5';
  expect(parseProcessCpuSeconds(stat)).toBe(3);
});

test('what neither the process nor the hypervisor used was used by others', () => {
  const before = { busySeconds: 10, stealSeconds: 1, ownSeconds: 5, wallSeconds: 100 };
  const after = { busySeconds: 25, stealSeconds: 1.2, ownSeconds: 17, wallSeconds: 110 };
  const load = loadBetween(before, after, 2);
  expect(load.foreignCores).toBeCloseTo(0.3);
  expect(load.stealShare).toBeCloseTo(0.01);
  expect(load.ownCores).toBeCloseTo(1.2);
  expect(load.isQuiet).toBe(false);
});

test('a run with next to no foreign load is quiet', () => {
  const before = { busySeconds: 0, stealSeconds: 0, ownSeconds: 0, wallSeconds: 0 };
  expect(loadBetween(before, { busySeconds: 20.5, stealSeconds: 0, ownSeconds: 20, wallSeconds: 10 }, 2).isQuiet).toBe(
    true,
  );
});
