import { expect, test } from 'vitest';
import { parseConfigFile } from '../../src/config/parse-config-file.ts';

const parse = (text: string) => Object.fromEntries(parseConfigFile(text, 'flink-conf.yaml'));

test('flat lines are read as Flink reads flink-conf.yaml: the value is the rest of the line', () => {
  const text = [
    '# a comment',
    'jobmanager.rpc.address: localhost # and another',
    '',
    'env.java.opts: --add-opens=java.base/java.lang=ALL-UNNAMED -Da=b: c',
    'web.tmpdir:   /tmp/*x*',
    'security.ssl.key-password: "a#b"',
    'jobmanager.version: 1.10',
  ].join('\r\n');
  expect(parse(text)).toEqual({
    'jobmanager.rpc.address': 'localhost',
    'env.java.opts': '--add-opens=java.base/java.lang=ALL-UNNAMED -Da=b: c',
    'web.tmpdir': '/tmp/*x*',
    'security.ssl.key-password': 'a#b',
    'jobmanager.version': '1.10',
  });
});

test('nested YAML gives dotted keys; values keep their text, lists go by semicolons', () => {
  const text = `
taskmanager:
  numberOfTaskSlots: 0x10
  memory: { segment-size: 32kb }
execution.checkpointing:
  interval: 10 s
  unaligned: true
classloader.parent-first-patterns.additional: [a., b.]
metrics.reporters:
`;
  expect(parse(text)).toEqual({
    'taskmanager.numberOfTaskSlots': '0x10',
    'taskmanager.memory.segment-size': '32kb',
    'execution.checkpointing.interval': '10 s',
    'execution.checkpointing.unaligned': 'true',
    'classloader.parent-first-patterns.additional': 'a.;b.',
    'metrics.reporters': '',
  });
});

test('nothing, or comments alone, is no setting', () => {
  expect([parse(''), parse('# nothing\n')]).toEqual([{}, {}]);
});

test.each([
  ['a: 1\na: 2', 'a stands in it twice'],
  ['a:\n  b: 1\na.b: 2', 'a.b stands in it twice'],
  ['a:\n  - b: 1', 'the value of a is neither a text nor a list of texts'],
  ['just words', 'it holds no "key: value" lines'],
  ['a: [1', 'flink-conf.yaml cannot be used'],
  [`a: ${'x'.repeat(1024 * 1024)}`, 'more than 1048576 characters'],
])('%# a file that cannot be meant so is refused', (text, message) => {
  if (text === 'a: [1') expect(() => parse('a:\n  b: [1')).toThrow(message);
  else expect(() => parse(text)).toThrow(message);
});

test('aliases are not followed without end', () => {
  const bomb = `a: &a [x, x]\n${'bcdefghij'
    .split('')
    .map((l, i) => `${l}: &${l} [*${'abcdefghi'[i]}, *${'abcdefghi'[i]}]`)
    .join('\n')}`;
  expect(() => parse(`top:\n  z: 1\n${bomb}`)).toThrow('neither a text');
});
