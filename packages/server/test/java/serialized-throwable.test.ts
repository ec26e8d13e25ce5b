import { expect, test } from 'vitest';
import { toFailureCause } from '../../src/java/failure-cause.ts';

/** How a SerializedThrowable of a real Flink 1.9.2 starts, down to the message of the innermost cause. */
const FLINK_START =
  'rO0ABXNyAClvcmcuYXBhY2hlLmZsaW5rLnV0aWwuU2VyaWFsaXplZFRocm93YWJsZWUWnfUfpxPzAgADTAAZZnVsbFN0cmluZ2lmaWVkU3RhY2tUcmFjZXQAEkxqYXZhL2xhbmcvU3RyaW5nO0wAFm9yaWdpbmFsRXJyb3JDbGFzc05hbWVxAH4AAVsAE3NlcmlhbGl6ZWRFeGNlcHRpb250AAJbQnhyABNqYXZhLmxhbmcuRXhjZXB0aW9u0P0fPho7HMQCAAB4cgATamF2YS5sYW5nLlRocm93YWJsZdXGNSc5d7jLAwAETAAFY2F1c2V0ABVMamF2YS9sYW5nL1Rocm93YWJsZTtMAA1kZXRhaWxNZXNzYWdlcQB+AAFbAApzdGFja1RyYWNldAAeW0xqYXZhL2xhbmcvU3RhY2tUcmFjZUVsZW1lbnQ7TAAUc3VwcHJlc3NlZEV4Y2VwdGlvbnN0ABBMamF2YS91dGlsL0xpc3Q7eHBzcQB+AABzcQB+AABwdAAFaW5uZX';

test('a chain of failures is written as Java writes it', () => {
  const cause = toFailureCause([
    { className: 'java.util.concurrent.CompletionException', message: 'outer' },
    { className: 'org.apache.flink.util.FlinkException', message: 'middle' },
    { className: 'java.io.IOException', message: 'inner', frames: '    at somewhere (file.ts:1:1)\n' },
  ]);
  expect(cause['serialized-throwable'].slice(0, FLINK_START.length)).toBe(FLINK_START);
  expect(cause.class).toBe('java.util.concurrent.CompletionException');
  expect(cause['stack-trace']).toBe(
    'java.util.concurrent.CompletionException: outer\nCaused by: org.apache.flink.util.FlinkException: middle\nCaused by: java.io.IOException: inner\n    at somewhere (file.ts:1:1)\n',
  );
});
