import { expect, test } from 'vitest';
import { ProgramExecution } from '../../../src/runtime/coordinator/program-execution.ts';

test('jobs can be waited for one by one, and the end answers for those that never come', async () => {
  const execution = new ProgramExecution();
  const second = execution.job(1);
  execution.addJob('a');
  expect(await execution.job(0)).toBe('a');
  execution.addJob('b');
  expect(await second).toBe('b');
  const third = execution.job(2);
  execution.end();
  expect([await third, await execution.ended, execution.jobIds]).toEqual([undefined, undefined, ['a', 'b']]);
});

test('a program that threw is no unhandled rejection, and its error is kept for whoever asks', async () => {
  const execution = new ProgramExecution();
  execution.end(new Error('no configuration'));
  expect(await execution.job(0)).toBeUndefined();
  await expect(execution.ended).rejects.toThrow('no configuration');
});
