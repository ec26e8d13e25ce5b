import { expect, test } from 'vitest';
import { parsePortRange } from '../../src/config/port-range.ts';
import { readStartSettings } from '../../src/config/start-settings.ts';

test.each<[string, number[]]>([
  ['8081', [8081]],
  ['0', [0]],
  ['8081-8083', [8081, 8082, 8083]],
  ['9000, 8081 - 8082,9000', [9000, 8081, 8082]],
  ['65535-65535', [65535]],
])('%j', (text, ports) => {
  expect(parsePortRange('rest.bind-port', text)).toEqual(ports);
});

test.each(['', ' ', '-1', '8081-', '8090-8081', '65536', '8081,,8082', '80a', '1-2-3', '8081;8082'])(
  '%j is none',
  (text) => {
    expect(() => parsePortRange('rest.bind-port', text)).toThrow(
      `Setting rest.bind-port is "${text}", which is neither a port`,
    );
  },
);

test('rest.bind-port wins over rest.port, the flag over both', async () => {
  const define = [
    ['rest.port', '9000'],
    ['rest.bind-port', '8081-8082'],
  ] as const;
  expect((await readStartSettings({ define })).bindPorts).toEqual([8081, 8082]);
  expect((await readStartSettings({ define, port: 7000 })).bindPorts).toEqual([7000]);
  expect((await readStartSettings({ define: [['rest.port', '9000']] })).bindPorts).toEqual([9000]);
  expect((await readStartSettings({})).bindPorts).toEqual([8081]);
});
