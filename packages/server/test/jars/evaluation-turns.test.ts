import { expect, test } from 'vitest';
import { EvaluationTurns } from '../../src/jars/evaluation-turns.ts';

test('so many run, so many wait in order, one more is refused', async () => {
  const turns = new EvaluationTurns({ maxEvaluations: 2, maxWaitingEvaluations: 2 });
  const events: string[] = [];
  const ends: (() => void)[] = [];
  const take = (name: string) =>
    turns.take(async () => {
      events.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      return name;
    });
  const taken = ['a', 'b', 'c', 'd'].map(take);
  await expect(take('e')).rejects.toMatchObject({ code: 'PLANS_BUSY' });
  expect(events).toEqual(['a', 'b']);
  for (let i = 0; i < 4; i++) {
    ends[i]?.();
    await taken[i];
  }
  expect(events).toEqual(['a', 'b', 'c', 'd']);
  await expect(turns.take(async () => Promise.reject(new Error('f')))).rejects.toThrow('f');
  expect(await turns.take(async () => 'g')).toBe('g');
});
