// A job that throws, spins, exhausts memory or exits hurts only itself. Real worker threads of the built package.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedEngine, type EmbeddedEngineOptions } from '@yeoul/engine/runtime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const dist = new URL('../../dist/', import.meta.url);
const sourcePath = fileURLToPath(new URL('misbehaving-programs.ts', import.meta.url));

let directory = '';
let engine: EmbeddedEngine;
let neighbour = '';
let output = '';

function openEngine(options: Partial<EmbeddedEngineOptions> = {}): Promise<EmbeddedEngine> {
  return EmbeddedEngine.open({
    dataDirectory: join(directory, 'data'),
    slots: 6,
    slotWorkerUrl: new URL('slot-worker.js', dist),
    driverWorkerUrl: new URL('driver-worker.js', dist),
    engineVersion: 'test',
    maxHeapMiBPerSlot: 96,
    ...options,
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-isolation-'));
  engine = await openEngine();
  engine.cluster.onOutput(({ text }) => {
    output += text;
  });
  neighbour = await engine.runProgram({ sourcePath, entry: 'endless', parallelism: 2 });
  await vi.waitUntil(() => stateOf(neighbour) === 'RUNNING', { timeout: 20_000 });
});

afterAll(async () => {
  await engine?.cluster.cancel(neighbour);
  await engine?.close();
  await rm(directory, { recursive: true, force: true });
});

function stateOf(jobId: string): string {
  return engine.cluster.jobDetail(jobId).state;
}

/** The neighbour was never restarted. */
function expectNeighbourUnhurt(): void {
  expect(engine.cluster.jobDetail(neighbour)).toMatchObject({ state: 'RUNNING', restarts: 0 });
}

test.each([
  ['exits', /exit|code 7/i],
  ['throwsLater', /nothing caught: thrown in a timer/],
  ['rejectsUnseen', /nothing caught: nobody catches this/],
  ['exhaustsMemory', /memory/i],
])('a job whose function %s restarts and finishes', async (entry, message) => {
  output = '';
  const marks = await mkdtemp(join(directory, 'marks-'));
  const jobId = await engine.runProgram({ sourcePath, entry, parallelism: 2, args: [marks] });
  await engine.cluster.awaitResult(jobId);
  const { restarts, exceptions } = engine.cluster.jobDetail(jobId);
  expect(restarts).toBeGreaterThanOrEqual(1);
  expect(exceptions.root?.message).toMatch(message);
  if (message.source.startsWith('nothing caught')) {
    expect(exceptions.root?.stackTrace).toMatch(/at .*misbehaving-programs\.ts:\d+/);
  }
  await vi.waitUntil(() => output.includes('distinct'), { timeout: 20_000 });
  expect(output).toContain('distinct 200');
  expectNeighbourUnhurt();
});

test('a job that spins for ever is cancelled', async () => {
  const jobId = await engine.runProgram({ sourcePath, entry: 'spins', parallelism: 2 });
  await vi.waitUntil(() => stateOf(jobId) === 'RUNNING', { timeout: 20_000 });
  await engine.cluster.cancel(jobId);
  await expect(engine.cluster.awaitResult(jobId)).rejects.toMatchObject({ code: 'JOB_CANCELED' });
  expectNeighbourUnhurt();
});

test('a program that exits in its main function says so', async () => {
  await expect(engine.runProgram({ sourcePath, entry: 'exitsInMain' })).rejects.toThrow(/5/);
  expectNeighbourUnhurt();
});

test('a program that spins in its main function does not keep the engine from closing', async () => {
  const dataDirectory = join(directory, 'spinning');
  const other = await openEngine({ dataDirectory });
  const never = other.runProgram({ sourcePath, entry: 'spinsInMain' }).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await other.close();
  await expect(never).resolves.toBeInstanceOf(Error);
});

test('a slow consumer holds the source back', async () => {
  const jobId = await engine.runProgram({ sourcePath, entry: 'slowConsumer', parallelism: 2 });
  const written = (): number => {
    engine.cluster.requestReports(jobId);
    return engine.cluster.jobDetail(jobId).vertices.reduce((sum, { metrics }) => sum + metrics.writeRecords, 0);
  };
  await vi.waitUntil(() => written() > 0, { timeout: 20_000 });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const early = written();
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  // Two sinks take 1,000 a second at most; rings and queues are full by then.
  expect(written() - early).toBeLessThan(12_000);
  expect(engine.cluster.jobDetail(jobId)).toMatchObject({ state: 'RUNNING', restarts: 0 });
  await engine.cluster.cancel(jobId);
  await expect(engine.cluster.awaitResult(jobId)).rejects.toMatchObject({ code: 'JOB_CANCELED' });
});

test('a data directory that another process holds is refused, and free again when that process was killed', async () => {
  const dataDirectory = join(directory, 'held');
  const command = fileURLToPath(new URL('../../bin/yeoul.js', import.meta.url));
  const holder = spawn(process.execPath, [command, 'start', '--no-rest', '--data-dir', dataDirectory, '--slots', '1']);
  await new Promise((resolve) => holder.stderr.once('data', resolve));
  await expect(openEngine({ dataDirectory })).rejects.toMatchObject({ code: 'DATA_DIR_LOCKED' });
  const gone = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await gone;
  await (await openEngine({ dataDirectory })).close();
});
