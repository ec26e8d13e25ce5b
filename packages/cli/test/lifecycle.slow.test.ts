// A job's whole life, by the command alone, against a real server.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addressOf,
  bin,
  type CommandOptions,
  programPath,
  runCommand,
  type StartedServer,
  startServer,
} from './support/command.ts';

let directory = '';
let server: StartedServer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-lifecycle-'));
  server = await startServer(directory, ['--slots', '4']);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

function yeoul(args: readonly string[], options: Partial<CommandOptions> = {}) {
  return runCommand(args, { cwd: directory, env: { YEOUL_SERVER: server.address }, ...options });
}

/** Standard output of a command that must succeed. */
async function out(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await yeoul(args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

async function json(...args: readonly string[]) {
  return JSON.parse(await out(...args, '--json'));
}

async function submit(name: string, ...options: readonly string[]): Promise<string> {
  const stdout = await out('run', '-d', '--wait', ...options, programPath('counting'), name);
  return /^Job has been submitted with JobID (\w{32})\n$/.exec(stdout)?.[1] ?? stdout;
}

test('from start to the disposal of its savepoints', async () => {
  const jobId = await submit('Life');
  expect(await out('list')).toMatch(new RegExp(`^job +name .*\n${jobId}  Life  RUNNING .*\n$`));
  expect((await json('list')).jobs.map(({ jid }: { jid: string }) => jid)).toEqual([jobId]);
  expect(await out('info', 'life')).toContain(`id          ${jobId}`.replace(/ +/, ' ').split(' ')[1]);
  expect(await out('plan', jobId.slice(0, 8))).toMatch(/^Life {2}2 vertices, 2 tasks\n\n● Source: Custom Source {2}×1/);

  const taken = await out('savepoint', 'trigger', 'Life', join(directory, 'savepoints'));
  const path = /^Savepoint completed\. Path: file:(\S+)\n$/.exec(taken)?.[1] ?? taken;
  expect(await out('savepoint', 'list')).toContain(path);
  expect(await out('savepoint', 'list', 'savepoints')).toContain(path);
  const shown = await json('savepoint', 'show', path);
  expect(shown).toMatchObject({ kind: 'savepoint', jobId, jobName: 'Life' });
  expect(shown.operators.map(({ uid }: { uid: string }) => uid)).toEqual(expect.arrayContaining(['words', 'counter']));

  const cancelled = await json('cancel', '-s', 'savepoints', 'Life');
  expect(cancelled).toEqual({
    jobId,
    triggerId: expect.any(String),
    location: expect.stringContaining('savepoints/savepoint-'),
  });
  expect((await yeoul(['list'])).stderr).toBe('No unfinished jobs (1 job ended: yeoul list -a).\n');

  const counts = await json('savepoint', 'show', cancelled.location, '--state', 'count');
  expect(counts.map(({ key }: { key: string }) => key).sort()).toEqual(['one', 'three', 'two']);
  const resumedId = await submit('Life', '-s', cancelled.location);
  const stopped = await json('stop', '-p', 'savepoints', 'Life');
  expect(stopped.jobId).toBe(resumedId);
  const later = await json('savepoint', 'show', stopped.location, '--state', 'count');
  const total = (entries: { value: number }[]) => entries.reduce((sum, { value }) => sum + value, 0);
  expect(total(later)).toBeGreaterThanOrEqual(total(counts));
  expect((await json('checkpoints', resumedId)).latest.restored.external_path).toBe(cancelled.location);

  expect(await out('savepoint', 'dispose', stopped.location)).toBe(`Savepoint ${stopped.location} disposed.\n`);
  expect(await out('savepoint', '-d', cancelled.location)).toBe(`Savepoint ${cancelled.location} disposed.\n`);
  const gone = await yeoul(['savepoint', 'dispose', stopped.location]);
  expect(gone.stderr).toContain('The savepoint was not deleted');
  expect(gone.code).toBe(1);
});

describe('with a running job', () => {
  let jobId = '';

  beforeAll(async () => {
    jobId = await submit('Steady', '-p', '2');
  });

  test("Flink's command lines are taken", async () => {
    const m = ['-m', server.address];
    expect(await out('list', '-r', ...m)).toContain(jobId);
    expect((await yeoul(['list', '-s', ...m])).stderr).toMatch(/^No scheduled jobs/);
    expect(await out('list', '-a', '--jobmanager', server.address)).toContain(jobId);
    expect(await out('savepoint', jobId, join(directory, 'flink'), ...m)).toMatch(/^Savepoint completed\. Path: file:/);
    expect(await out('info', '-p', '3', programPath('counting'))).toMatch(/^-+ Execution Plan -+\n\{/);
  });

  test('a savepoint that is not waited for is asked about', async () => {
    const stdout = await out('savepoint', 'Steady', '--no-wait');
    const [, command] = /yeoul (savepoint status .*)\n$/.exec(stdout) ?? [];
    const asked = (command ?? '').split(' ');
    await expect.poll(() => out(...asked), { timeout: 20_000, interval: 200 }).toMatch(/^COMPLETED: file:/);
  });

  test('metrics, configuration, output and logs are shown', async () => {
    await expect.poll(() => out('metrics', 'Steady'), { timeout: 30_000 }).toMatch(/Map -> Sink: .* \d/);
    expect(await out('metrics', jobId, 'source', '--get', 'numRecordsOut')).toMatch(/numRecordsOut +\d/);
    expect((await json('metrics', jobId, '--get', 'numRestarts'))[0]).toEqual({ id: 'numRestarts', value: '0' });
    expect(await out('config')).toContain('taskmanager.numberOfTaskSlots');
    expect(await out('config', jobId)).toMatch(/job-parallelism +2/);
    expect(await out('logs', '--task-manager', '--stdout', '-n', '1')).toMatch(/^(\d> )?(one|two|three) \d+\n$/);
    expect(await out('logs')).toContain(jobId);
  });

  test('Ctrl-C ends what follows, quietly', async () => {
    const followed = await yeoul(['logs', '--task-manager', '--stdout', '-f', '-n', '1'], { interruptAt: '\n' });
    expect(followed).toMatchObject({ code: 130, stderr: '' });
    const watched = await yeoul(['metrics', jobId, '--watch', '200ms'], { interruptAt: 'Steady' });
    expect(watched).toMatchObject({ code: 130, stderr: '' });
  });

  test('the job of a run that is attended goes on after Ctrl-C', async () => {
    const attended = await yeoul(['run', '-m', server.address, programPath('counting'), 'Attended'], {
      interruptAt: 'JobID',
    });
    expect(attended.stderr).toMatch(/^Job (\w{32}) goes on\. To end it: {2}yeoul cancel \w{8}\n$/);
    expect(attended.code).toBe(130);
    expect(await out('cancel', '--wait', 'Attended')).toMatch(/^Cancelled Attended \(\w{32}\)\n$/);
  });

  test('nobody reads any more: quiet end', async () => {
    const line = `"${process.execPath}" "${bin}" list -a | head -1; echo "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', line], {
      cwd: directory,
      env: { ...process.env, YEOUL_SERVER: server.address },
    });
    let seen = '';
    child.stdout.on('data', (data) => {
      seen += data;
    });
    child.stderr.on('data', (data) => {
      seen += data;
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(seen).toMatch(/^job +name .*\n0\n$/);
  });

  test('what takes too long ends with 124 and undoes nothing', async () => {
    const { code, stderr } = await yeoul([
      'run',
      '-m',
      server.address,
      '--timeout',
      '500ms',
      programPath('counting'),
      'Long',
    ]);
    expect(stderr).toMatch(/it did not end within 500 ms \(--timeout\)/);
    expect(code).toBe(124);
    expect(await out('cancel', 'Long')).toMatch(/^Cancelling Long/);
  });

  test.each([
    [['cancel', 'Stready'], 2, 'There is no job "Stready". These are there:'],
    [['metrics', 'Steady', 'nothing'], 2, 'The job has no vertex "nothing". It has these:'],
    [['list', '-m', '127.0.0.1:2'], 3, 'Nothing listens at http://127.0.0.1:2.'],
    [['list', '-m', 'x:y:z'], 2, 'is no address of a server'],
    [['lst'], 2, '(Did you mean list?)'],
    [['stop', 'Steady', '-p', '/proc/nowhere'], 1, '/proc/nowhere'],
    [['run', '-d', 'nothing.jar'], 2, 'There is no jar nothing.jar'],
    [['run', '-d', '--slots', '2', 'job.ts'], 2, '--slots is for an engine in this process'],
    [['savepoint', 'show', 'nowhere'], 1, 'it holds no _metadata file'],
    [['plan', 'nothing.ts'], 2, 'Program nothing.ts was not found'],
    [['stop', 'Steady', '--timeout', 'soon'], 2, '"soon" is no time'],
  ] as const)('%j ends with %i', async (args, code, message) => {
    const ended = await yeoul(args);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toMatch(/^\s+at .*(file:|node:)/m);
    expect(ended.code).toBe(code);
  });

  test('a job that fails on the server ends the attending run with 1 and its place in the program', async () => {
    const { code, stderr } = await yeoul(['run', '-m', server.address, programPath('throwing')]);
    expect(stderr).toMatch(
      /^Job \w{32} failed after .*: TypeError: cannot convert 3\n {4}at convert \(throwing\.ts:4:\d+\)\n/,
    );
    expect(stderr).not.toContain('file:');
    expect(code).toBe(1);
  });

  test('jars are uploaded, listed and deleted; run leaves none behind', async () => {
    const id = (await out('jars', 'upload', programPath('two-jobs'))).trim();
    expect(await out('jars')).toContain(id);
    expect(await out('jars', 'delete', 'two-jobs.jar')).toBe(`Deleted ${id}\n`);
    expect(await json('jars')).toMatchObject({ files: [] });
  });

  test('bash completes verbs, options, choices and jobs', async () => {
    const script = join(directory, 'completion.bash');
    await writeFile(script, await out('completion', 'bash'));
    const ask = (...words: readonly string[]) => complete(script, words, jobId);
    expect(await ask('yeoul', 'sav')).toEqual(['savepoint']);
    expect(await ask('yeoul', 'savepoint', 'sh')).toEqual(['show']);
    expect(await ask('yeoul', 'savepoint', 'show', '--st')).toEqual(['--state']);
    expect(await ask('yeoul', 'run', '--state-backend', '')).toEqual(['heap', 'disk']);
    expect(await ask('yeoul', 'cancel', '-m', server.address, jobId.slice(0, 6))).toEqual([jobId]);
    expect(await ask('yeoul', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });
});

/** What a real bash offers for the last of the words. */
async function complete(script: string, words: readonly string[], jobId: string): Promise<string[]> {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const line = [
    `yeoul() { echo ${jobId}; }`,
    `source ${script}`,
    'compopt() { :; }',
    `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; COMPREPLY=()`,
    '_yeoul',
    `printf "%s\\n" "\${COMPREPLY[@]}"`,
  ].join('\n');
  const file = `${script}.test`;
  await writeFile(file, line);
  const child = spawn('bash', ['--norc', file]);
  let seen = '';
  child.stdout.on('data', (data) => {
    seen += data;
  });
  child.stderr.on('data', (data) => {
    seen += data;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return seen.trim().split('\n');
}

test('a run in a process of its own is reached with --port', async () => {
  const child = spawn(process.execPath, [bin, 'run', '--port', '0', programPath('counting')], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const address = await addressOf(child);
  await expect.poll(() => out('list', '-m', address), { timeout: 30_000 }).toContain('Counting');
  const taken = await out('savepoint', '-m', address, 'Counting', join(directory, 'beside'));
  const path = /file:(\S+)/.exec(taken)?.[1] ?? '';
  expect((await readFile(join(path, '_metadata'))).subarray(0, 8).toString()).toBe('YEOULCKP');
  expect(await out('cancel', '-m', address, 'Counting')).toMatch(/^Cancelling/);
  await ended;
});

test('without a server it is said how to start one', async () => {
  const { code, stderr } = await yeoul(['list'], { env: { YEOUL_SERVER: '127.0.0.1:2' } });
  expect(stderr).toMatchInlineSnapshot(`
    "Nothing listens at http://127.0.0.1:2.
    Start a server there with:  yeoul start --port 2
    A running "yeoul run" can be reached only if it was started with --port. Give the address of another server with -m host:port.
    "
  `);
  expect(code).toBe(3);
});
