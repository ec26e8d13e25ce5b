import { expect, test } from 'vitest';
import { parseServerSettings, serverSettingDefaults } from '../../src/settings/server-settings.ts';

test('every setting is taken, and kept where it belongs', () => {
  const all = parseServerSettings(Object.keys(serverSettingDefaults).map((name, i) => [name, String(i + 1)]));
  const values = Object.values(all).flatMap((group) => Object.values(group) as number[]);
  expect(values.sort((a, b) => a - b)).toEqual(Object.keys(serverSettingDefaults).map((_, i) => i + 1));
  expect(
    parseServerSettings([
      ['rest.max-connections', '5'],
      ['jars.max-jars', '7'],
      ['rest.max-connections', '6'],
    ]),
  ).toEqual({
    http: { maxConnections: 6 },
    submissions: {},
    jars: { maxJars: 7 },
  });
});

test('one that is not there names the nearest', () => {
  for (const [given, meant] of [
    ['rest.max-conections', 'rest.max-connections'],
    ['max-jar-bytes', 'jars.max-jar-bytes'],
    ['', ''],
  ] as const) {
    expect(() => parseServerSettings([[given, '1']])).toThrow(`There is no setting ${given}: did you mean ${meant}`);
  }
  expect(() => parseServerSettings([['__proto__', '1']])).toThrow('There is no setting __proto__');
});

test.each(['', '-1', '0', '1.5', 'x', '1e3', '99999999999', ' 5'])('the value %j is refused', (text) => {
  expect(() => parseServerSettings([['rest.max-connections', text]])).toThrow(
    `Setting rest.max-connections is "${text}", which is no whole number from 1 to 2147483647`,
  );
});

test('sizes may be those of disks', () => {
  expect(parseServerSettings([['jars.max-kept-bytes', '1099511627776']]).jars).toEqual({ maxKeptBytes: 2 ** 40 });
  expect(() => parseServerSettings([['jars.max-kept-bytes', '9007199254740992']])).toThrow(
    'from 1 to 9007199254740991',
  );
});
