// The built command with a pipe that nobody reads.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bin, programPath } from './support/command.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-pipe-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test.each([
  [['start', '--port', '0', '--program', programPath('printing')], 0],
  [['run', programPath('printing')], 130],
])('one Ctrl-C ends yeoul %s', async (args, expected) => {
  const child = spawn(process.execPath, [bin, ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.pause();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // Until the pipe is full: it takes a moment, and nobody can look.
  await new Promise((resolve) => child.stdout.once('readable', resolve));
  await wait(1000);
  child.kill('SIGINT');
  expect(await Promise.race([ended, wait(20_000, 'still there', { ref: false })])).toBe(expected);
});
