// What is begun before a program is there: its bundle and its driver's thread. Real worker threads of the built package.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beginBundle } from '@yeoul/engine/bundle';
import { EmbeddedEngine } from '@yeoul/engine/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';

const dist = new URL('../../dist/', import.meta.url);
const sourcePath = fileURLToPath(new URL('short-program.ts', import.meta.url));
let dataDirectory = '';

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'yeoul-expected-'));
});

afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

function open(driver = 'driver-worker.js'): Promise<EmbeddedEngine> {
  return EmbeddedEngine.open({
    dataDirectory,
    slots: 2,
    slotWorkerUrl: new URL('slot-worker.js', dist),
    driverWorkerUrl: new URL(driver, dist),
    engineVersion: 'test',
    expectsProgram: true,
  });
}

test('programs run one after the other, the first in the thread that was begun for it', async () => {
  const begun = await beginBundle(sourcePath);
  await using engine = await open();
  for (const source of [begun, sourcePath]) {
    const jobId = await engine.runProgram({ sourcePath: source, entry: 'short' });
    await engine.cluster.awaitResult(jobId);
    expect(engine.cluster.jobDetail(jobId).state).toBe('FINISHED');
  }
});

test('an engine closes whose program never came', async () => {
  const engine = await open();
  await engine.close();
});

test('a thread that cannot start ends the program, not the process', async () => {
  await using engine = await open('no-such-worker.js');
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expect(engine.runProgram({ sourcePath, entry: 'short' })).rejects.toMatchObject({ code: 'PROGRAM_FAILED' });
});

test('a source that does not parse says so when the program is started, and hurts nobody until then', async () => {
  const broken = join(dataDirectory, 'broken.ts');
  await writeFile(broken, 'const = 1;');
  const begun = await beginBundle(broken);
  await using engine = await open();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expect(engine.runProgram({ sourcePath: begun })).rejects.toMatchObject({ code: 'PROGRAM_NOT_PARSABLE' });
});

test('a source that is not there is told before anything is begun', async () => {
  await expect(beginBundle(join(dataDirectory, 'none.ts'))).rejects.toMatchObject({ code: 'PROGRAM_NOT_READABLE' });
});
