import { expect, test } from 'vitest';
import { LogFollower, lastLines } from '../src/commands/logs.ts';
import { chooseNames } from '../src/commands/metrics.ts';

test('a log is followed from what was printed, also when its oldest lines go', () => {
  const follower = new LogFollower('a\nb\n');
  expect(follower.next('a\nb\n')).toBe('');
  expect(follower.next('a\nb\nc\n')).toBe('c\n');
  expect(follower.next('a\nb\nc\nd\n')).toBe('d\n');
  const long = Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join('');
  expect(follower.next(`a\nb\nc\nd\n${long}`)).toBe(long);
  expect(follower.next(`${long.slice(9000)}end\n`)).toBe('end\n');
  expect(follower.next('another log\n')).toBe('another log\n');
});

test('a log that is empty at first is followed, too', () => {
  const follower = new LogFollower('');
  expect([follower.next(''), follower.next('a\n'), follower.next('a\nb\n')]).toEqual(['', 'a\n', 'b\n']);
});

test('the last lines', () => {
  expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc\n');
  expect(lastLines('a\nb\nc', 2)).toBe('b\nc\n');
  expect(lastLines('a\n', 5)).toBe('a\n');
  expect(lastLines('', 5)).toBe('');
});

test('metrics are chosen by name and pattern; what is not there is told with what is similar', () => {
  const names = ['numRecordsIn', 'numRecordsOut', 'uptime', 'a.b'];
  expect(chooseNames(names, undefined)).toEqual(names);
  expect(chooseNames(names, ['num*', 'uptime', 'numRecordsIn'])).toEqual(['numRecordsIn', 'numRecordsOut', 'uptime']);
  expect(() => chooseNames(names, ['records'])).toThrow('did you mean numRecordsIn, numRecordsOut?');
  expect(() => chooseNames(names, ['aXb'])).toThrow('There is no metric "aXb"');
});
