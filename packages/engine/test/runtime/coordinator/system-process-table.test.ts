import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { systemProcessTable } from '../../../src/runtime/coordinator/system-process-table.ts';

let child: ChildProcess | undefined;

afterEach(() => void child?.kill('SIGKILL'));

test('this process is there, with the start time that it gives itself', () => {
  expect(systemProcessTable.lookup(process.pid)).toEqual(systemProcessTable.self);
});

test('a pid that nobody has is not there', () => {
  expect(systemProcessTable.lookup(2 ** 22 + 1)).toBeUndefined();
});

test.runIf(process.platform === 'linux')('a killed process that nobody collects is not there', async () => {
  // The shell's own child outlives the shell's exec, and sleep never waits for it: a zombie.
  child = spawn('sh', ['-c', 'sleep 30 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const pid = Number(line.toString());
  const { pid: shell } = child;
  // Before its exec the shell would collect the child.
  await vi.waitFor(() => expect(readFileSync(`/proc/${shell}/comm`, 'utf8')).toBe('sleep\n'), { timeout: 30_000 });
  expect(systemProcessTable.lookup(pid)).toMatchObject({ pid });
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(systemProcessTable.lookup(pid)).toBeUndefined(), { timeout: 30_000 });
  expect(() => process.kill(pid, 0)).not.toThrow(); // the pid is still taken
});
