import { expect, test } from 'vitest';
import { parseArguments, UsageError } from '../src/arguments.ts';

const NAMES = ['statemachine', 'wordcount', 'all'];

test('a name alone runs five counted repetitions at parallelism 2', () => {
  expect(parseArguments(['statemachine'], NAMES)).toEqual({
    kind: 'run',
    arguments: {
      name: 'statemachine',
      against: [],
      without: [],
      batch: false,
      parallelism: 2,
      repeats: 5,
      warmUps: 1,
      json: false,
      check: false,
    },
  });
});

test('every option reaches the arguments', () => {
  const argv =
    'wordcount --against flink --against plain --without yeoul --records 2_000_000 --keys 5 --mib 10 --file f --checkpoint 0 --backend disk --batch --parallelism 3 --repeats 2 --warm-ups 0 --json --check --svg s.svg';
  expect(parseArguments(argv.split(' '), NAMES)).toEqual({
    kind: 'run',
    arguments: {
      name: 'wordcount',
      against: ['flink', 'plain'],
      without: ['yeoul'],
      records: 2_000_000,
      keys: 5,
      textMiB: 10,
      file: 'f',
      checkpointMs: 0,
      backend: 'disk',
      batch: true,
      parallelism: 3,
      repeats: 2,
      warmUps: 0,
      json: true,
      check: true,
      svg: 's.svg',
    },
  });
});

test('--against takes a list and names nobody twice', () => {
  const command = parseArguments(['all', '--against', 'flink,plain', '--against', 'flink'], NAMES);
  expect(command.kind === 'run' && command.arguments.against).toEqual(['flink', 'plain']);
});

test.each([[['--help']], [['statemachine', '-h']], [[]]])('%j shows the help', (argv) => {
  expect(parseArguments(argv, NAMES)).toEqual({ kind: 'help' });
});

test.each([
  [['sort'], 'benchmark sort: expected one of statemachine, wordcount, all'],
  [['all', 'wordcount'], 'One benchmark at a time, not also wordcount'],
  [['all', '--against', 'spark'], '--against spark: expected one of flink, plain'],
  [['all', '--backend', 'ram'], '--backend ram: expected one of heap, disk'],
  [['all', '--records', '0'], '--records 0: expected a whole number from 1 on'],
  [['all', '--repeats', '1.5'], '--repeats 1.5'],
  [['all', '--keys', 'many'], '--keys many'],
  [['all', '--frobnicate'], 'frobnicate'],
])('%j is refused with the value and what is allowed', (argv, message) => {
  expect(() => parseArguments(argv, NAMES)).toThrow(UsageError);
  expect(() => parseArguments(argv, NAMES)).toThrow(message);
});
