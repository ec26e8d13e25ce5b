// The client of a running job, across the driver's real thread.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedEngine } from '@yeoul/engine/runtime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const dist = new URL('../../dist/', import.meta.url);
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-job-client-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

test('stops the job with a savepoint; what the job cannot do comes back with its code', async () => {
  await using engine = await EmbeddedEngine.open({
    dataDirectory: join(directory, 'data'),
    slots: 1,
    slotWorkerUrl: new URL('slot-worker.js', dist),
    driverWorkerUrl: new URL('driver-worker.js', dist),
    engineVersion: 'test',
  });
  let output = '';
  engine.cluster.onOutput(({ text }) => {
    output += text;
  });
  const savepoints = join(directory, 'savepoints');
  const sourcePath = fileURLToPath(new URL('job-client-program.ts', import.meta.url));
  const jobId = await engine.runProgram({ sourcePath, args: [savepoints] });
  await engine.cluster.awaitResult(jobId);
  await vi.waitUntil(() => output.includes('\n'), { timeout: 10_000 });
  expect(JSON.parse(output)).toEqual([savepoints, 'FINISHED', 'JOB_TERMINATED', true]);
});
