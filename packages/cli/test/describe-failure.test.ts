import { expect, test } from 'vitest';
import { describeFailure, describeKnown, remoteStack, userStack } from '../src/describe-failure.ts';

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

const engineStack = 'Error: x\n    at f (file:///app/node_modules/yeoul/dist/chunks/a.js:8:1)';

test('a known failure is its message and code', () => {
  const failure = {
    message: 'Cannot read a.txt',
    code: 'FILE_NOT_FOUND',
    stackTrace: engineStack,
    taskName: undefined,
  };
  expect(describeFailure(failure, installedAt)).toBe('Cannot read a.txt [FILE_NOT_FOUND]');
});

test('a known failure shows the place in the program, and the user error behind it', () => {
  const stack = [
    'AppError: No more restarts: boom',
    '    at JobMaster.fail (file:///app/node_modules/yeoul/dist/chunks/a.js:8:1)',
    '    at async Command.parseAsync (/app/node_modules/commander/lib/command.js:1:1)',
    '    at async file:///app/node_modules/yeoul/bin/yeoul.js:8:22',
    '    at main (../jobs/job.ts:9:3)',
    '    at async job.ts:12:1',
    'Caused by: Error: boom',
    '    at job.ts:7:43',
    '    at map (yeoul-operator/map-1.js:4:38)',
    'Caused by: Error: engine',
    '    at f (file:///app/node_modules/yeoul/dist/chunks/a.js:8:1)',
  ].join('\n');
  expect(describeKnown('RESTART_SUPPRESSED', 'No more restarts: boom', stack).split('\n')).toEqual([
    'No more restarts: boom [RESTART_SUPPRESSED]',
    '    at main (../jobs/job.ts:9:3)',
    '    at async job.ts:12:1',
    'Caused by: Error: boom',
    '    at job.ts:7:43',
  ]);
});

test('a stack of engine frames alone is kept: it is for a bug report', () => {
  expect(userStack(engineStack, installedAt)).toBe(engineStack);
});

test("a server's stack is cut to the program's frames, wherever the engine is installed there", () => {
  expect(remoteStack(`${stackTrace}\n`).split('\n')).toEqual([
    'TypeError: cannot convert 3',
    '    at convert (job.ts:3:22)',
    'Caused by: Error: bad number',
    '    at parse (job.ts:1:1)',
  ]);
  const java = 'java.lang.Exception: x\n\tat org.apache.Foo.bar(Foo.java:12)';
  expect(remoteStack(`${java}\n`)).toBe(java);
});
