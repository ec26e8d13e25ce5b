// The built command, as users call it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../yeoul/bin/yeoul.js', import.meta.url));
const programs = fileURLToPath(new URL('programs/', import.meta.url));
const program = (name: string) => join(programs, `${name}.ts`);
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-cli-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param interruptAt text on standard output or error after which the signal is sent */
function yeoul(args: readonly string[], interruptAt?: string, signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...args], { cwd: directory });
  let stdout = '';
  let stderr = '';
  const interrupt = () => {
    if (interruptAt === undefined || !(stdout + stderr).includes(interruptAt)) return;
    interruptAt = undefined;
    child.kill(signal);
  };
  child.stdout.on('data', (data) => {
    stdout += data;
    interrupt();
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    interrupt();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test('run goes on to the end of the program: all of its jobs, and what it prints itself', async () => {
  const { code, stdout, stderr } = await yeoul(['run', program('two-jobs')]);
  expect(stdout.split('\n')).toEqual(['begin', '10', '20', 'seen 3', '30', 'seen 4', '40', 'end', '']);
  expect(stderr).toMatch(/^Job \w{32} finished in .*\nbetween\nJob \w{32} finished in .*\n$/);
  expect(code).toBe(0);
});

test('a failed job shows where in the program, not the engine behind it', async () => {
  const { code, stdout, stderr } = await yeoul(['run', program('throwing')]);
  expect(stdout).toBe('1\n2\n');
  expect(stderr).toMatch(
    /^Job \w{32} failed: TypeError: cannot convert 3\n {4}at convert \(throwing\.ts:4:\d+\)\n {4}at throwing\.ts:11:\d+\n {4}in Source: Collection Source -> Map -> Sink: Print to Std\. Out \(1\/1\)\n$/,
  );
  expect(code).toBe(1);
});

test('an error of the program itself comes with its source line', async () => {
  const { code, stderr } = await yeoul(['run', '-c', 'inMain', program('throwing')]);
  expect(stderr).toMatch(/^Error: no configuration\n {4}at inMain \(throwing\.ts:19:\d+\)\n$/);
  expect(code).toBe(1);
});

test.each([
  [['run', 'missing.ts'], 2, 'Program missing.ts was not found: there is no such file or folder'],
  [['run', '-c', 'Other', program('no-sink')], 2, 'The program exports no entry "Other"; it exports these: default'],
  [['run', '-p', '0', program('no-sink')], 2, '"0" is no whole number from 1 on'],
  [['run', '--state-backend', 'tape', program('no-sink')], 2, 'Allowed choices are heap, disk'],
  [['nonsense'], 2, "unknown command 'nonsense'"],
  [['run', program('no-sink')], 1, 'has 2 operators but no sink'],
  [['run', '-s', 'nowhere', program('throwing')], 1, 'it holds no _metadata file'],
] as const)('%j ends with %i', async (args, expectedCode, message) => {
  const { code, stderr } = await yeoul(args);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at .*(file:|node:|\/)/m);
  expect(code).toBe(expectedCode);
});

test('more subtasks than slots are told with both numbers', async () => {
  const { code, stderr } = await yeoul(['run', '-p', '3', '--slots', '2', program('two-jobs')]);
  expect(stderr).toContain('The job needs 3 slots (3 for slot sharing group default), 2 of 2 are free');
  expect(code).toBe(1);
});

test('a parallelism that nobody can run is an error at once, with the limit', async () => {
  const above = await yeoul(['run', '-p', '99999', program('two-jobs')]);
  expect(above.stderr).toContain('Parallelism 99999 is outside [1, 32768]');
  expect(above.code).toBe(1);
  const many = await yeoul(['run', '-p', '5000', program('two-jobs')]);
  expect(many.stderr).toContain('The job needs 5000 slots');
  expect(many.stderr).toContain('128 of 128 are free');
  expect(many.code).toBe(1);
});

test('a program that does not parse is told with file, line and column', async () => {
  const file = join(directory, 'typo.ts');
  await writeFile(file, 'const x = ;\n');
  const { code, stderr } = await yeoul(['run', file]);
  expect(stderr).toMatch(/does not parse: .*typo\.ts:1:11: Unexpected ";"/);
  expect(code).toBe(1);
});

test('Ctrl-C cancels what run is running', async () => {
  const { code, stderr } = await yeoul(['run', program('endless')], 'running\n');
  expect(stderr).toMatch(/^Job \w{32} was cancelled\n$/);
  expect(code).toBe(130);
});

test('start keeps its job over Ctrl-C and goes on with it; a relative data directory will do', async () => {
  const first = await yeoul(['start', '--no-rest', '--data-dir', 'kept', '--program', program('endless')], 'running\n');
  expect(first.stderr).toMatch(/^Stopped\. Endless \((\w{32})\) is kept in kept and goes on at the next start\.\n$/);
  expect(first.code).toBe(0);
  const jobId = /\w{32}/.exec(first.stderr)?.[0];
  const second = await yeoul(
    ['start', '--no-rest', '--data-dir', 'kept', '--program', program('endless')],
    'running\n',
  );
  expect(second.stderr).toBe(
    `Resuming Endless (${jobId})\nStopped. Endless (${jobId}) is kept in kept and goes on at the next start.\n`,
  );
});

test('run leaves the unfinished jobs of a data directory alone, and says how to go on with them', async () => {
  await yeoul(['start', '--no-rest', '--data-dir', 'busy', '--program', program('endless')], 'running\n');
  const { code, stderr } = await yeoul(['run', '--data-dir', 'busy', program('two-jobs')]);
  expect(stderr).toMatch(
    /^Data directory busy has unfinished jobs: Endless \(\w{32}\)\. Go on with them by "yeoul start/,
  );
  expect(code).toBe(2);
  const again = await yeoul(['start', '--no-rest', '--data-dir', 'busy'], 'running\n');
  expect(again.stderr).toMatch(/^Resuming Endless/);
});

test('after kill -9 the next start goes on with the job at once', async () => {
  const killed = await yeoul(
    ['start', '--no-rest', '--data-dir', 'killed', '--program', program('endless')],
    'running\n',
    'SIGKILL',
  );
  expect(killed.code).toBeNull();
  const next = await yeoul(['start', '--no-rest', '--data-dir', 'killed'], 'running\n');
  expect(next.stderr).toMatch(/^Resuming Endless \(\w{32}\)\nStopped\. Endless/);
});
