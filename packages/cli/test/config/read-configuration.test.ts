import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverSettingDefaults } from '@yeoul/server/settings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allOptions, optionSections } from '../../src/config/all-options.ts';
import type { ConfigFlags } from '../../src/config/config-flags.ts';
import { describeDoubtful, readConfiguration } from '../../src/config/read-configuration.ts';
import { readRunSettings, readStartSettings } from '../../src/config/start-settings.ts';
import { UsageError } from '../../src/usage-error.ts';

let directory = '';
let file = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-config-'));
  file = join(directory, 'flink-conf.yaml');
  await writeFile(file, 'rest.port: 9000\nparallelism.default: 2\ntaskmanager.numberOfTaskSlots: 3\nfs.s3.secret: x\n');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

test('flags win over -D, -D over the file, the file over defaults', async () => {
  const settings = await readStartSettings({
    config: file,
    define: [
      ['parallelism.default', '4'],
      ['rest.port', '9001'],
    ],
    port: 9002,
  });
  expect(settings.port).toBe(9002);
  expect(settings.slots).toBe(3);
  expect([settings.dataDir, settings.host]).toEqual(['.yeoul', '127.0.0.1']);
  expect(settings.configuration.shown()).toEqual({
    'rest.port': '9002',
    'parallelism.default': '4',
    'taskmanager.numberOfTaskSlots': '3',
    'fs.s3.secret': '******',
  });
});

test('the REST API is on 8081 unless it is not wanted; without a data directory a run keeps nothing', async () => {
  expect((await readStartSettings({})).port).toBe(8081);
  expect((await readStartSettings({ rest: false })).port).toBeUndefined();
  await expect(readStartSettings({ rest: false, port: 0 })).rejects.toThrow('Give --port or --no-rest, not both.');
  expect(await readRunSettings({})).toMatchObject({ dataDir: undefined, slots: undefined });
});

test('limits of the server and folders of state are handed on', async () => {
  const settings = await readStartSettings({
    define: [
      ['rest.max-connections', '7'],
      ['state.savepoints.dir', 'file:///tmp/elsewhere'],
    ],
  });
  expect([...settings.limits]).toEqual([['rest.max-connections', '7']]);
  expect(settings.savepointRoots).toEqual(['/tmp/elsewhere']);
});

test.each<readonly [ConfigFlags, string]>([
  [{ define: [['yeoul.log.levle', 'info']] }, 'did you mean yeoul.log.level?'],
  [{ define: [['rest.port', '70000']] }, 'not a whole number, 0 to 65535'],
  [{ config: '/no/such/file.yaml' }, '/no/such/file.yaml cannot be used'],
])('%# a wrong setting is an error of usage', async (flags, message) => {
  const refused = readConfiguration(flags, []);
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toBeInstanceOf(UsageError);
});

test('a key of Flink that is nearly one of ours is doubtful, others are not', async () => {
  const configuration = await readConfiguration(
    {
      define: [
        ['parallelism.defualt', '4'],
        ['jobmanager.heap.size', '1g'],
        ['state.backend.incremental', 'true'],
      ],
    },
    [],
  );
  expect(describeDoubtful(configuration)).toEqual([
    'Setting parallelism.defualt has no effect: did you mean parallelism.default?',
  ]);
});

test('no two settings share a name, and each is described', () => {
  const names = allOptions.flatMap(({ key, aliases }) => [key, ...aliases]);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  for (const { key, description } of allOptions) expect(description, key).toMatch(/\w .*\.$/s);
  const limits = optionSections.find(({ title }) => title === 'Limits of the REST API');
  expect(Object.keys(limits?.options ?? {})).toEqual(Object.keys(serverSettingDefaults));
});
