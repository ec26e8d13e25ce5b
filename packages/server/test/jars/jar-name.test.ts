import { expect, test } from 'vitest';
import { isJarId, nameOfJar, toJarId, toJarName } from '../../src/jars/jar-name.ts';

test.each([
  ['job.jar', 'job.jar'],
  ['../../evil.jar', 'evil.jar'],
  ['C:\\temp\\job.jar', 'job.jar'],
  ['a\u0000b\n.jar', 'ab.jar'],
  ['두 단어.jar', '두 단어.jar'],
  ['a\ud800.jar', 'a\ufffd.jar'],
  ['..', undefined],
  ['a/', undefined],
  ['', undefined],
])('%j is called %j', (fileName, expected) => {
  expect(toJarName(fileName)).toBe(expected);
});

test('a long name keeps its end within 200 bytes', () => {
  const name = toJarName(`${'가'.repeat(300)}.jar`) as string;
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  expect(name.endsWith('가.jar')).toBe(true);
});

test('the id of the longest name is an id', () => {
  for (const letter of ['x', '가', '𝕏']) {
    const id = toJarId('0b5fd7c1-9d0b-4b5e-8b0e-6c8e6a1f0c0d', toJarName(`${letter.repeat(300)}.jar`) as string);
    expect([isJarId(id), Buffer.byteLength(id) <= 255]).toEqual([true, true]);
  }
});

test.each(['../x_a.jar', 'x/y_a.jar', '.incoming', '.x_a.jar', 'x_a.txt', 'x\\y_a.jar', ''])('%j is no id', (id) => {
  expect(isJarId(id)).toBe(false);
});

test('the client’s name is what follows the first underscore', () => {
  expect(nameOfJar('0f_my_job.jar')).toBe('my_job.jar');
  expect(nameOfJar('job.jar')).toBeUndefined();
});
