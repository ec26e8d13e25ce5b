import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RotatingFile, type RotatingFileOptions } from '../../src/log/rotating-file.ts';

let directory = '';
const problems: Error[] = [];
const DAY_MS = 86_400_000;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-log-'));
  problems.length = 0;
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function openFile(options: Partial<RotatingFileOptions> = {}): Promise<RotatingFile> {
  return RotatingFile.open({
    path: join(directory, 'a.log'),
    maxBytes: 20,
    maxFiles: 2,
    maxAgeMs: DAY_MS,
    nowMs: () => Date.now(),
    onProblem: (error) => problems.push(error),
    ...options,
  });
}

async function content(): Promise<Record<string, string>> {
  const names = (await readdir(directory)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const)),
  );
}

test('a full file is set aside at the end of a line, the oldest go', async () => {
  const file = await openFile();
  for (let i = 0; i < 10; i++) file.write(`line ${i}\n`);
  await file.close();
  expect(await content()).toEqual({
    'a.log': 'line 8\nline 9\n',
    'a.log.1': 'line 6\nline 7\n',
    'a.log.2': 'line 4\nline 5\n',
  });
});

test('a line longer than a file is torn, nothing of it is lost', async () => {
  const file = await openFile({ maxFiles: 5 });
  file.write(`${'x'.repeat(50)}\n`);
  await file.close();
  const parts = Object.entries(await content()).sort(([a], [b]) => (a < b ? 1 : -1));
  expect(parts.map(([, text]) => text).join('')).toBe(`${'x'.repeat(50)}\n`);
});

test('the file of an earlier process is set aside; files too old or too many are removed', async () => {
  await writeFile(join(directory, 'a.log'), 'earlier\n');
  await writeFile(join(directory, 'a.log.1'), 'old\n');
  await writeFile(join(directory, 'a.log.7'), 'too many\n');
  await writeFile(join(directory, 'a.log.bak'), "somebody's\n");
  const longAgo = new Date(Date.now() - 2 * DAY_MS);
  await utimes(join(directory, 'a.log.1'), longAgo, longAgo);
  await (await openFile()).close();
  expect(await content()).toEqual({ 'a.log': '', 'a.log.1': 'earlier\n', 'a.log.bak': "somebody's\n" });
});

test('what does not fit the queue is left out, and the file says so', async () => {
  const file = await openFile({ maxBytes: 10 * 1024 * 1024 });
  const mebibyte = `${'x'.repeat(1024 * 1024 - 1)}\n`;
  for (let i = 0; i < 6; i++) file.write(mebibyte);
  file.write('y\n');
  await file.close();
  const { 'a.log': text = '' } = await content();
  expect(text.length).toBeLessThan(4.1 * 1024 * 1024);
  expect(text).toMatch(/^\[209\d{4} bytes were left out/m);
});

test('a disk that refuses is told once, and writing goes on when it takes again', async () => {
  const file = await openFile({ maxFiles: 1 });
  // A folder with something in it stands in the way of setting the file aside.
  await mkdir(join(directory, 'a.log.1', 'full'), { recursive: true });
  for (const line of ['0123456789012345678\n', 'lost\n', 'lost, too\n']) {
    file.write(line);
    await file.flush();
  }
  expect(problems.length).toBe(1);
  await rm(join(directory, 'a.log.1'), { recursive: true });
  file.write('kept\n');
  await file.close();
  expect((await content())['a.log']).toMatch(/kept\n$/);
});

test('at the end of the process the rest is written at once', async () => {
  const file = await openFile({ maxBytes: 1000 });
  file.write('a\n');
  file.write('b\n');
  file.flushSync();
  expect(await readFile(join(directory, 'a.log'), 'utf8')).toBe('a\nb\n');
  await file.close();
});
