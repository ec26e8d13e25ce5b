import { expect, test } from 'vitest';
import { parseDuration } from '../src/parse-options.ts';
import { resolveAddress } from '../src/server-address.ts';

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['30', 30_000],
  ['1.5m', 90_000],
  ['2 h', 7_200_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 'soon', '-1s', '3 days', 's'])('%j is no time', (text) => {
  expect(() => parseDuration(text)).toThrow('is no time');
});

test.each([
  ['10.0.0.5:9000', 'http://10.0.0.5:9000'],
  ['localhost', 'http://localhost:8081'],
  ['8082', 'http://127.0.0.1:8082'],
  [':8082', 'http://127.0.0.1:8082'],
  ['[::1]:8082', 'http://[::1]:8082'],
  ['[::1]', 'http://[::1]:8081'],
  ['https://flink.example.com/proxy/', 'https://flink.example.com/proxy'],
  ['http://127.0.0.1', 'http://127.0.0.1'],
])('-m %s is %s', (server, url) => {
  expect(resolveAddress({ server }, {})).toBe(url);
});

test('without -m the environment says which server, else it is the usual one', () => {
  expect(resolveAddress({}, { YEOUL_SERVER: 'a:1' })).toBe('http://a:1');
  expect(resolveAddress({}, { YEOUL_SERVER: '' })).toBe('http://127.0.0.1:8081');
  expect(resolveAddress({ jobmanager: 'b:2' }, { YEOUL_SERVER: 'a:1' })).toBe('http://b:2');
});

test.each(['ftp://a', 'a b:1', 'a:99999', '//'])('-m %j is refused with an example', (server) => {
  expect(() => resolveAddress({ server }, {})).toThrow('is no address of a server: write host:port');
});
