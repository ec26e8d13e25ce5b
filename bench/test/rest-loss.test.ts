import { expect, test } from 'vitest';
import { comparePeriods, type Period } from '../src/rest-loss.ts';

/** Two slots that get all of two cores, and a thread that takes 10 ms a second for the job. */
const elsewhere: Period = { records: 8_000_000, seconds: 2, slotSeconds: 4, mainSeconds: 0.02, answers: 20_000 };
const loss = (here: Partial<Period>, parallelism: number) =>
  comparePeriods(elsewhere, { ...elsewhere, ...here }, { parallelism, rate: 10_000, cores: 2 });

test('slots that do as much with their CPU time lose nothing where the server has a core of its own', () => {
  expect(loss({ mainSeconds: 0.32 }, 1)).toEqual({
    requestsPerSecond: 10_000,
    cpuPerRequestUs: expect.closeTo(15),
    slotsPercent: 0,
    percent: 0,
    clockPercent: 0,
  });
});

test('where all cores are shared, what answering takes at the full rate is lost, however many requests were answered', () => {
  const { percent, slotsPercent } = loss(
    { mainSeconds: 0.17, answers: 10_000, slotSeconds: 3.6, records: 7_200_000 },
    2,
  );
  expect([slotsPercent, percent]).toEqual([expect.closeTo(0), expect.closeTo(7.5)]);
});

test('slots that do less with the same CPU time lose that, too', () => {
  expect(loss({ mainSeconds: 0.32, records: 7_600_000 }, 1).percent).toBeCloseTo(5);
  expect(loss({ mainSeconds: 0.32, records: 7_600_000 }, 2).percent).toBeCloseTo((1 - 0.95 * 0.925) * 100);
});
