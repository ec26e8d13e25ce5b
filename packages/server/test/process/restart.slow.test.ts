// Jobs, uploads and results of operations survive the end of the process, whichever it is.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ServerProcess } from './server-process.ts';

const jarFile = fileURLToPath(new URL('../../../../examples/jars/state-machine.jar', import.meta.url));
let directory = '';
let server: ServerProcess;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-restart-'));
});

afterEach(async () => {
  await server.end('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

const start = () => ServerProcess.start('--data-dir', join(directory, 'data'), '--slots', '2');

/** Ends as the test does, starts again, and looks at what is there. */
async function restart(end: () => Promise<unknown>, jobs: number): Promise<void> {
  const jar = await server.upload(jarFile);
  const run = await server.ask('POST', `/jars/${jar}/run?entry-class=StateMachineExample`);
  const job = run.body.jobid;
  const { latest } = await server.poll(`/jobs/${job}/checkpoints`, ({ counts }) => counts?.completed >= 1);
  const triggered = await server.ask('POST', `/jobs/${job}/savepoints`, { payload: '{"cancel-job":false}' });
  const operation = `/jobs/${job}/savepoints/${triggered.body['request-id']}`;
  const done = await server.poll(operation, ({ status }) => status.id === 'COMPLETED');
  await end();
  server = await start();
  expect((await server.get('/jobs')).jobs).toHaveLength(jobs);
  await server.poll(`/jobs/${job}`, ({ state, vertices }) => state === 'RUNNING' && vertices.every(isRunning));
  const { latest: after } = await server.get(`/jobs/${job}/checkpoints`);
  expect(after.restored.id).toBeGreaterThanOrEqual(latest.completed.id);
  expect(await server.get(operation)).toEqual(done);
  await server.poll(`/jobs/${job}/checkpoints`, ({ counts }) => counts.completed >= 1);
  expect((await server.get('/jars')).files.map(({ id }: { id: string }) => id)).toContain(jar);
  expect((await server.ask('GET', `/jars/${jar}/plan?entry-class=StateMachineExample`)).status).toBe(200);
}

const isRunning = ({ status }: { status: string }) => status === 'RUNNING';

test('SIGTERM, and again', async () => {
  server = await start();
  await restart(async () => expect(await server.end('SIGTERM')).toBe(0), 1);
  await server.ask('PATCH', `/jobs/${(await server.get('/jobs')).jobs[0].id}`);
  await restart(async () => expect(await server.end('SIGTERM')).toBe(0), 2);
});

test('kill -9', async () => {
  server = await start();
  await restart(() => server.end('SIGKILL'), 1);
});

test('DELETE /cluster', async () => {
  server = await start();
  const shutDown = async () => {
    const answer = await server.ask('DELETE', '/cluster');
    expect([answer.status, answer.text]).toEqual([200, '{}']);
    expect(await server.hasEnded()).toBe(0);
  };
  await restart(shutDown, 1);
});
