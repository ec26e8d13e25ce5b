import { expect, test } from 'vitest';
import { toClusterSettings, toProgramDefaults } from '../../../src/runtime/configuration/cluster-settings.ts';
import {
  booleanOption,
  type ConfigOption,
  choiceOption,
  directoryOption,
  durationOption,
  integerOption,
  memoryOption,
  textOption,
} from '../../../src/runtime/configuration/config-option.ts';
import { Configuration } from '../../../src/runtime/configuration/configuration.ts';
import { engineOptionSections } from '../../../src/runtime/configuration/engine-options.ts';
import { readOption } from '../../../src/runtime/configuration/read-option.ts';
import { DEFAULT_CLUSTER_LIMITS } from '../../../src/runtime/coordinator/local-cluster-options.ts';

const options = {
  count: integerOption({ key: 'yeoul.count', default: 3, minimum: 1, maximum: 10, description: '' }),
  wait: durationOption({ key: 'flink.wait', aliases: ['old.wait'], default: 5, minimum: 5, description: '' }),
  password: textOption({ key: 'yeoul.password', description: '' }),
};
const all = Object.values(options);
const engine = engineOptionSections.flatMap((section) => Object.values(section.options));

test.each([
  ['10', 10],
  ['500 ms', 500],
  ['1min', 60_000],
  ['2 h', 7_200_000],
  ['3 d', 259_200_000],
  ['PT1M30S', 90_000],
  ['5 s', 5000],
])('the duration %s is %i ms', (text, ms) => {
  expect(readOption(durationOption({ key: 'a', description: '' }), text)).toBe(ms);
});

test.each([
  ['4096', 4096],
  ['20kb', 20_480],
  ['64 MB', 67_108_864],
  ['1g', 2 ** 30],
])('the amount %s is %i bytes', (text, bytes) => {
  expect(readOption(memoryOption({ key: 'a', description: '' }), text)).toBe(bytes);
});

test.each([
  ['file:///tmp/a%20b', '/tmp/a b'],
  ['file:/tmp/a', '/tmp/a'],
  ['/tmp/a', '/tmp/a'],
])('the directory %s is %s', (text, path) => {
  expect(readOption(directoryOption({ key: 'a', description: '' }), text)).toBe(path);
});

test.each<readonly [ConfigOption, string, string]>([
  [integerOption({ key: 'a', minimum: 1, maximum: 10, description: '' }), '11', 'a whole number, 1 to 10'],
  [integerOption({ key: 'a', description: '' }), '1.5', 'a whole number'],
  [durationOption({ key: 'a', minimum: 10, description: '' }), '1 ms', 'at least 10 ms'],
  [durationOption({ key: 'a', description: '' }), '5 parsecs', 'a duration'],
  [memoryOption({ key: 'a', description: '' }), 'lots', 'an amount of memory'],
  [booleanOption({ key: 'a', default: true, description: '' }), 'yes', 'true or false'],
  [choiceOption({ key: 'a', choices: { x: 1, y: 2 }, description: '' }), 'z', 'one of x, y'],
  [directoryOption({ key: 'a', description: '' }), 's3://bucket/x', 'a directory of this machine'],
])('%# a bad value is refused with what is wanted', (option, text, wanted) => {
  expect(() => readOption(option, text)).toThrow(wanted);
  expect(() => readOption(option, text)).toThrow(`"${text}"`);
});

test('later layers win, under whichever name; the given name is kept', () => {
  const configuration = new Configuration(all, [['flink.wait', '7 ms']], [['old.wait', '9 ms']]);
  expect(configuration.get(options.wait)).toBe(9);
  expect(configuration.shown()).toEqual({ 'old.wait': '9 ms' });
});

test('what is not given is its default', () => {
  const configuration = new Configuration(all);
  expect([configuration.get(options.count), configuration.find(options.count)]).toEqual([3, undefined]);
});

test('an unknown key of ours is refused and the nearest one named; those of Flink are kept', () => {
  expect(() => new Configuration(all, [['yeoul.cuont', '1']])).toThrow('yeoul.count');
  const configuration = new Configuration(all, [['jobmanager.heap.size', '1024m']]);
  expect(configuration.shown()).toEqual({ 'jobmanager.heap.size': '1024m' });
});

test('secrets are shown as stars, and not told by a refusal', () => {
  const configuration = new Configuration(all, [
    ['security.ssl.rest.key-password', 'a'],
    ['yeoul.password', 'b'],
    ['fs.s3.SECRET', 'c'],
  ]);
  expect(Object.values(configuration.shown())).toEqual(['******', '******', '******']);
  expect(configuration.get(options.password)).toBe('b');
  const token = integerOption({ key: 'api.token', description: '' });
  expect(() => readOption(token, 'hunter2')).not.toThrow('hunter2');
});

test('no key or alias of the engine stands for two settings, and every default is allowed', () => {
  const names = engine.flatMap(({ key, aliases }) => [key, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
  for (const option of engine) {
    if (typeof option.default !== 'number') continue;
    expect(option.default, option.key).toBeGreaterThanOrEqual(option.minimum ?? 0);
    expect(option.default, option.key).toBeLessThanOrEqual(option.maximum ?? Number.MAX_SAFE_INTEGER);
  }
});

test('a configuration gives the settings of the cluster that were given, and nothing else', () => {
  const settings = toClusterSettings(
    new Configuration(engine, [
      ['state.savepoints.dir', 'file:///tmp/savepoints'],
      ['state.checkpoints.num-retained', '3'],
      ['jobstore.expiration-time', '60'],
      ['web.checkpoints.history', '25'],
      ['yeoul.channel.max-record-size', '1 mb'],
      ['yeoul.slot.max-heap-size', '96 mb'],
    ]),
  );
  expect(settings).toEqual({
    savepointsDirectory: '/tmp/savepoints',
    retainedCheckpoints: 3,
    maxHeapMiBPerSlot: 96,
    limits: { maxArchiveAgeMs: 60_000 },
    history: { checkpoints: 25 },
    channels: { maxRecordBytes: 2 ** 20 },
  });
  expect(Object.keys(DEFAULT_CLUSTER_LIMITS)).toContain('maxArchiveAgeMs');
});

test('jobs get what was given for them', () => {
  const defaults = toProgramDefaults(
    new Configuration(engine, [
      ['parallelism.default', '4'],
      ['state.backend', 'rocksdb'],
      ['execution.checkpointing.interval', '10 s'],
      ['execution.checkpointing.mode', 'at-least-once'],
      ['pipeline.max-parallelism', '512'],
      ['restart-strategy', 'fixed-delay'],
      ['restart-strategy.fixed-delay.attempts', '7'],
    ]),
  );
  expect(defaults).toEqual({
    parallelism: 4,
    stateBackend: 'disk',
    checkpointIntervalMs: 10_000,
    checkpointing: { mode: 'at_least_once' },
    execution: { maxParallelism: 512, restartStrategy: { kind: 'fixed-delay', attempts: 7, delayMs: 1000 } },
  });
});

test('without a configuration jobs get what they always got', () => {
  expect(toProgramDefaults(new Configuration(engine))).toEqual({
    parallelism: 1,
    stateBackend: 'heap',
    checkpointIntervalMs: undefined,
    checkpointing: {},
    execution: {},
  });
});
