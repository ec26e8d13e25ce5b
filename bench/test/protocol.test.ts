import { expect, test } from 'vitest';
import { parseJavaMajor } from '../src/flink-build.ts';
import { parseRunOptions, type RunOptions, toDriverArguments, tryParseRunReport } from '../src/protocol.ts';

test('run options survive the way through the command line', () => {
  const options: RunOptions = {
    bench: 'wordcount',
    records: 1,
    keys: 2,
    file: '/a file with "quotes".txt',
    parallelism: 3,
    checkpointMs: 4,
    backend: 'disk',
    batch: true,
  };
  expect(parseRunOptions(toDriverArguments(options))).toEqual(options);
});

test.each(['', 'warning: something', '{"level":"info"}', '{broken'])('%j is no report', (line) => {
  expect(tryParseRunReport(line)).toBeUndefined();
});

test('the Java version is read in both of its forms', () => {
  expect(parseJavaMajor('openjdk version "17.0.15" 2025-04-15')).toBe(17);
  expect(parseJavaMajor('java version "1.8.0_392"')).toBe(8);
  expect(parseJavaMajor('bash: java: not found')).toBeUndefined();
});
