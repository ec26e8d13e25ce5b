import { expect, test } from 'vitest';
import { describeStack, toReadableMessage } from '../../src/errors/java-text.ts';

const serverSide = (stack: string) => [
  'Internal server error.',
  `<Exception on server side:\n${stack}\nEnd of exception on server side>`,
];

test.each([
  ['a bare message, as 1.9 gives it', ['Job 12 not found'], 'Job 12 not found'],
  [
    'class, message and stack, as later versions give them',
    [
      'org.apache.flink.runtime.rest.handler.RestHandlerException: Bad request, could not parse parameters: Cannot resolve path parameter (jobid) from value "xyz".\n\tat org.apache.flink.runtime.rest.handler.AbstractHandler.x(AbstractHandler.java:1)',
    ],
    'Bad request, could not parse parameters: Cannot resolve path parameter (jobid) from value "xyz".',
  ],
  [
    'wrappers name the class of their cause: all classes go',
    serverSide(
      'java.util.concurrent.CompletionException: org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: no\n\tat a.b(C.java:1)\nCaused by: java.lang.IllegalStateException: no\n\tat a.b(C.java:1)\n\t... 4 more',
    ),
    'The main method caused an error: no',
  ],
  [
    'the innermost cause follows when it says more',
    [
      'org.apache.flink.runtime.rest.handler.RestHandlerException: Could not execute application.\n\tat a.b(C.java:1)\nCaused by: java.lang.RuntimeException: first\n\tat a.b(C.java:2)\nCaused by: java.io.FileNotFoundException: /no/such (No such file)\n\t... 3 more',
    ],
    'Could not execute application: /no/such (No such file)',
  ],
  [
    'nothing follows what is not found',
    [
      'org.apache.flink.runtime.rest.NotFoundException: Job 12 not found\n\tat a.b(C.java:1)\nCaused by: x.y.Z: Could not find',
    ],
    'Job 12 not found',
  ],
  [
    'an exception without a message',
    serverSide('java.lang.NullPointerException\n\tat a.b(C.java:1)'),
    'NullPointerException',
  ],
  ['an inner class', ['a.b.Outer$Inner: said'], 'said'],
  ['a colon in a message is no class', ['Problem: see a.b.c'], 'Problem: see a.b.c'],
  ['a stack of frames only', serverSide('\tat a.b(C.java:1)'), 'Internal server error.'],
])('%s', (_, errors, expected) => {
  expect(toReadableMessage(errors)).toBe(expected);
});

test('nothing is said of nothing', () => {
  expect(toReadableMessage([])).toBeUndefined();
});

test('a job without restarts failed of its cause', () => {
  const stack =
    'org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy\n\tat a.b(C.java:1)\nCaused by: java.lang.IllegalStateException: number 20 is too much';
  expect(describeStack(stack)).toBe('number 20 is too much');
});
