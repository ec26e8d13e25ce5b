import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddedEngine } from '../../../src/runtime/system/embedded-engine.ts';

let dataDirectory = '';

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'yeoul-embedded-'));
});

afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

/** No program is run: the threads are never started. */
function open(): Promise<EmbeddedEngine> {
  return EmbeddedEngine.open({
    dataDirectory,
    slots: 1,
    slotWorkerUrl: new URL('file:///none/slot-worker.js'),
    driverWorkerUrl: new URL('file:///none/driver-worker.js'),
    engineVersion: 'test',
  });
}

const inWork = () => readdir(join(dataDirectory, 'work'));

describe('the folder that programs are bundled in', () => {
  test('is in the data directory, and removed at the end', async () => {
    const engine = await open();
    expect(await inWork()).toEqual([expect.stringMatching(/^programs-/)]);
    await engine.close();
    expect(await inWork()).toEqual([]);
  });

  test('that a killed process left is removed at the next start', async () => {
    await mkdir(join(dataDirectory, 'work', 'programs-killed'), { recursive: true });
    await using _engine = await open();
    expect(await inWork()).toHaveLength(1);
    expect(await inWork()).not.toContain('programs-killed');
  });
});
