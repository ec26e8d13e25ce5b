import { expect, test } from 'vitest';
import { SubmissionRate } from '../../src/security/submission-rate.ts';

test('as many as a minute has may come at once, then one after the other', () => {
  let nowMs = 0;
  const rate = new SubmissionRate(3, () => nowMs);
  for (let i = 0; i < 3; i++) rate.take();
  expect(() => rate.take()).toThrow(
    'More than 3 jobs a minute were submitted (rest.max-submissions-per-minute): try again in 20 s',
  );
  nowMs = 19_000;
  expect(() => rate.take()).toThrow('try again in 1 s');
  nowMs = 20_000;
  rate.take();
  expect(() => rate.take()).toThrow('try again in 20 s');
  nowMs = 10_000_000;
  for (let i = 0; i < 3; i++) rate.take();
  expect(() => rate.take()).toThrow();
  nowMs = 0;
  expect(() => rate.take()).toThrow('try again in 20 s');
});
