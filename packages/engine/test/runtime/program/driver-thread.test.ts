import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FromDriver, ToDriver } from '../../../src/runtime/program/driver-protocol.ts';
import { DriverThread } from '../../../src/runtime/program/driver-thread.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-driver-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs a program against a main thread that accepts each job a little later, and ends it as long after. @returns what the driver said, by type */
async function run(name: string, body: string): Promise<string[]> {
  const bundlePath = join(directory, `${name}.cjs`);
  await writeFile(bundlePath, `exports.default = (env) => { env.fromElements(1).print(); ${body} };`);
  const said: string[] = [];
  let tell: (message: ToDriver) => void = () => undefined;
  const end = (executeIndex: number) => {
    said.push(`ended ${executeIndex}`);
    tell({ type: 'result', executeIndex, result: { jobId: 'a', netRuntimeMs: 1, accumulators: {} } });
  };
  const driver = new DriverThread({
    onMessage: (handler) => {
      tell = handler;
    },
    send: (message: FromDriver) => {
      said.push(message.type);
      if (message.type !== 'submit') return;
      const { executeIndex } = message;
      setTimeout(() => {
        said.push(`accepted ${executeIndex}`);
        tell({ type: 'accepted', executeIndex, jobId: 'a' });
        setTimeout(() => end(executeIndex), 5);
      }, 5);
    },
  });
  const defaults = { parallelism: 1, stateBackend: 'heap', checkpointIntervalMs: undefined } as const;
  const program = { bundlePath, entry: 'default', args: [], parallelism: undefined, defaults };
  await driver.run({ ...program, executeIndex: 0, earlierResults: [] }, {});
  return said;
}

test('a program that does not await execute() ends when its job does', async () => {
  expect(await run('execute', "env.execute('x');")).toEqual(['submit', 'accepted 0', 'ended 0', 'done']);
});

test('a program that does not await executeAsync() ends once its job is accepted', async () => {
  expect(await run('async', "env.executeAsync('x');")).toEqual(['submit', 'accepted 0', 'done']);
});

test('jobs that follow without being awaited are waited for, too', async () => {
  const chained = "env.execute('x').then(() => { env.fromElements(2).print(); return env.execute('y'); });";
  expect(await run('chained', chained)).toEqual([
    ...['submit', 'accepted 0', 'ended 0'],
    ...['submit', 'accepted 1', 'ended 1', 'done'],
  ]);
});
