// A server whose token file is exchanged while it runs: who may ask, whose streams end, and what the log says.
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerProcess } from './server-process.ts';

const jarFile = fileURLToPath(new URL('../../../../examples/jars/state-machine.jar', import.meta.url));
const secret = { admin: 'a1'.repeat(20), gone: 'g1'.repeat(20), fresh: 'f1'.repeat(20) };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

let directory = '';
let server: ServerProcess;

async function write(...lines: readonly string[]): Promise<void> {
  const path = join(directory, 'tokens');
  await writeFile(`${path}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-token-file-'));
  await write(`admin ${secret.admin}`, `viewer ${secret.gone}`);
  const places = ['--data-dir', join(directory, 'data'), '--token-file', join(directory, 'tokens')];
  server = await ServerProcess.start('--slots', '1', ...places);
});

afterAll(async () => {
  await server.end('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

const statusFor = async (token: string) => (await server.ask('GET', '/jobs', { headers: bearer(token) })).status;

test('a revoked token is out within seconds, with its streams; a mistake in the file changes nothing; no log has a token', async () => {
  const form = new FormData();
  form.append('jarfile', new Blob([new Uint8Array(await readFile(jarFile))]), 'program.jar');
  const headers = bearer(secret.admin);
  const uploaded = await fetch(`${server.url}/jars/upload`, { method: 'POST', body: form, headers });
  const jar = ((await uploaded.json()) as { filename: string }).filename.split('/').at(-1);
  const run = await server.ask('POST', `/jars/${jar}/run?entry-class=StateMachineExample`, { headers });
  const stream = await fetch(`${server.url}/jobs/${run.body.jobid}/events`, { headers: bearer(secret.gone) });
  expect(stream.status).toBe(200);
  const ended = stream.text();

  await write(`admin ${secret.admin}`, `viewer ${secret.fresh}`);
  await ended;
  expect([await statusFor(secret.gone), await statusFor(secret.fresh)]).toEqual([401, 200]);

  await write(`admin ${secret.admin}`, 'viewer short');
  await expect.poll(logText, { timeout: 10_000 }).toContain('line 2: the token has 5 characters');
  expect([await statusFor(secret.fresh), await statusFor(secret.admin)]).toEqual([200, 200]);
  const text = await logText();
  expect(text).toContain('Tokens read again');
  for (const token of Object.values(secret)) expect(text).not.toContain(token.slice(0, 8));
});

async function logText(): Promise<string> {
  const folder = join(directory, 'data', 'log');
  const names = await readdir(folder);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}
