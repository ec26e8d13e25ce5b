// Flink's own command-line clients against our server: what they print when it is a Flink.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FlinkCommand, openFlinkCommand } from '../clients/flink-command.ts';
import { startStateMachine, stateOf, until } from '../clients/jobs.ts';
import { type OwnServer, startOwnServer } from '../own-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PATH_IN_OUTPUT = /file:(\/\S*savepoint-[0-9a-f]+-[0-9a-f]+)/;

describe.each(['1.9', '1.20', '2.3'] as const)('the command line of Apache Flink %s', (version) => {
  const work = mkdtempSync(join(tmpdir(), 'yeoul-command-line-'));
  const savepoints = join(work, 'savepoints');
  let server: OwnServer;
  let flink: FlinkCommand;

  beforeAll(async () => {
    server = await startOwnServer(root, work);
    flink = openFlinkCommand(version, work, server.target.url);
  });

  afterAll(async () => {
    await server?.stop();
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Runs it, expects success, and that a savepoint is where it says. */
  async function expectSavepoint(...args: readonly string[]): Promise<string> {
    const { output, exitCode } = await flink(...args);
    expect({ output, exitCode }).toEqual({ output: expect.stringMatching(PATH_IN_OUTPUT), exitCode: 0 });
    const path = PATH_IN_OUTPUT.exec(output)?.[1] ?? '';
    expect(existsSync(join(path, '_metadata'))).toBe(true);
    return path;
  }

  const untilEnded = (jobId: string, state: string) =>
    until(async () => (await stateOf(server.target, jobId)) === state, `job ${jobId} is ${state}`);

  test('list shows the running job, savepoint takes one, savepoint -d deletes it, cancel ends the job', async () => {
    const jobId = await startStateMachine(server.target);
    expect(await flink('list')).toEqual({
      output: expect.stringContaining(`${jobId} : State machine job (RUNNING)`),
      exitCode: 0,
    });
    const path = await expectSavepoint('savepoint', jobId, savepoints);
    expect(await flink('savepoint', '-d', path)).toEqual({ output: expect.stringContaining('disposed'), exitCode: 0 });
    expect(existsSync(path)).toBe(false);
    expect(await flink('cancel', jobId)).toEqual({
      output: expect.stringContaining(`Cancelled job ${jobId}`),
      exitCode: 0,
    });
    await untilEnded(jobId, 'CANCELED');
  });

  test('cancel -s leaves a savepoint behind, and list -a knows the cancelled job', async () => {
    const jobId = await startStateMachine(server.target);
    await expectSavepoint('cancel', '-s', savepoints, jobId);
    await untilEnded(jobId, 'CANCELED');
    expect(await flink('list', '-a')).toEqual({
      output: expect.stringContaining(`${jobId} : State machine job (CANCELED)`),
      exitCode: 0,
    });
  });

  test('stop suspends a job with a savepoint', async () => {
    const jobId = await startStateMachine(server.target);
    await expectSavepoint('stop', '-p', savepoints, jobId);
    await untilEnded(jobId, 'FINISHED');
  });

  test('stop -d drains a job', async () => {
    const jobId = await startStateMachine(server.target);
    await expectSavepoint('stop', '-p', savepoints, '-d', jobId);
    await untilEnded(jobId, 'FINISHED');
  });

  // 1.17 and later.
  test.skipIf(version === '1.9')('checkpoint takes one, checkpoint -full another', async () => {
    const jobId = await startStateMachine(server.target);
    for (const flags of [[], ['-full']]) {
      expect(await flink('checkpoint', ...flags, jobId)).toEqual({
        output: expect.stringMatching(new RegExp(`Checkpoint(\\(FULL\\))? \\d+ for job ${jobId} completed`)),
        exitCode: 0,
      });
    }
    expect(await flink('cancel', jobId)).toMatchObject({ exitCode: 0 });
  });

  test('what cannot be done ends with an error that names the job or the savepoint', async () => {
    const unknown = '0123456789abcdef0123456789abcdef';
    const cancel = await flink('cancel', unknown);
    expect(cancel.exitCode).not.toBe(0);
    expect(cancel.output).toContain(unknown);
    const missing = join(savepoints, 'savepoint-none');
    const dispose = await flink('savepoint', '-d', missing);
    expect(dispose.exitCode).not.toBe(0);
    expect(dispose.output).toContain(missing);
  });
});
