import { expect, test } from 'vitest';
import { tokenizeArguments } from '../../src/jars/program-arguments.ts';

// Answers of Apache Flink 1.9 (JarHandlerUtils), but for runs of blanks before the first argument.
test.each([
  ['', []],
  ['   ', []],
  ['--input a.txt', ['--input', 'a.txt']],
  ['--input  a.txt\t--n 3\n', ['--input', 'a.txt', '--n', '3']],
  ['--name "two words" x', ['--name', 'two words', 'x']],
  ["--name 'two words' x", ['--name', 'two words', 'x']],
  ['--name="two words"', ['--name=two', 'words']],
  [`"it's" b`, ['its', 'b']],
  ['"" a', [' a']],
  ['  --a b', ['--a', 'b']],
])('%j is %j', (text, expected) => {
  expect(tokenizeArguments(text)).toEqual(expected.map((token) => token.trim()));
});
