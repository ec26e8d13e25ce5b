import { expect, test } from 'vitest';
import { describeFailure, userStack } from '../src/describe-failure.ts';

const installedAt = 'file:///app/node_modules/yeoul/dist/';
const stackTrace = [
  'TypeError: cannot convert 3',
  '    at convert (job.ts:3:22)',
  '    at map (yeoul-operator/map-1.js:4:38)',
  '    at collect (eval at compileCollect (file:///app/node_modules/yeoul/dist/chunks/a.js:1:1), <anonymous>:5:1)',
  '    at Task.runSlice (file:///app/node_modules/yeoul/dist/chunks/a.js:8:1)',
  'Caused by: Error: bad number',
  '    at parse (job.ts:1:1)',
  '    at node:internal/process:1:1',
].join('\n');

test("a failure of the user's code is its stack without the engine's frames, causes included", () => {
  expect(describeFailure({ message: 'x', code: undefined, stackTrace, taskName: 'Map (1/2)' }, installedAt)).toBe(
    [
      'TypeError: cannot convert 3',
      '    at convert (job.ts:3:22)',
      'Caused by: Error: bad number',
      '    at parse (job.ts:1:1)',
      '    in Map (1/2)',
    ].join('\n'),
  );
});

test('a known failure is its message and code', () => {
  const failure = { message: 'Cannot read a.txt', code: 'FILE_NOT_FOUND', stackTrace, taskName: undefined };
  expect(describeFailure(failure, installedAt)).toBe('Cannot read a.txt [FILE_NOT_FOUND]');
});

test('a stack of engine frames alone is kept: it is for a bug report', () => {
  const stack = 'Error: x\n    at f (file:///app/node_modules/yeoul/dist/chunks/a.js:8:1)';
  expect(userStack(stack, installedAt)).toBe(stack);
});
