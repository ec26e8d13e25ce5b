// Uploads to a disk that takes no more: a limit of the size of files stands for it (`ulimit -f`, in blocks of 512 or 1024 bytes).
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../../yeoul/bin/yeoul.js', import.meta.url));
const MIB = 1024 * 1024;
let directory = '';
let child: ChildProcess;
let url = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-full-'));
  const command = [process.execPath, bin, 'start', '--port', '0', '--slots', '1', '--data-dir', directory];
  child = spawn('sh', ['-c', 'ulimit -f 4000; exec "$@"', 'sh', ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
  url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (data) => {
      text += data;
      const found = /http:\/\/[\w.]+:\d+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`yeoul start ended with ${code}:\n${text}`)));
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  await rm(directory, { recursive: true, force: true });
});

async function upload(sizeBytes: number): Promise<readonly [number, string]> {
  const form = new FormData();
  form.append('jarfile', new Blob([new Uint8Array(sizeBytes)]), 'large.jar');
  const answer = await fetch(`${url}/jars/upload`, { method: 'POST', body: form });
  const { errors } = (await answer.json()) as { errors: readonly string[] };
  return [answer.status, errors[0] ?? ''];
}

test('each is refused at once with what the disk says, leaves nothing, and the next one is taken', async () => {
  for (const sizeBytes of [5 * MIB, 20 * MIB, 5 * MIB]) {
    const startMs = performance.now();
    expect(await upload(sizeBytes)).toEqual([
      507,
      expect.stringMatching(/could not be written to .* \(EFBIG\): make room/),
    ]);
    expect(performance.now() - startMs).toBeLessThan(15_000);
  }
  expect((await upload(1000))[0]).toBe(400);
  expect((await readdir(join(directory, 'jars'), { recursive: true })).sort()).toEqual(['.incoming', '.programs']);
});
