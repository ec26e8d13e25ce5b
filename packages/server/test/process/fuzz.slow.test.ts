// A server under many bad requests and uploads beside a running job: it answers, stays as large as it is, and the job goes on.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endpoints } from '@yeoul/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAnswer } from '../fuzz/check-answer.ts';
import { requestFor } from '../fuzz/request-arbitrary.ts';
import { makeJars, uploadOf } from '../fuzz/upload-arbitrary.ts';
import { ServerProcess } from './server-process.ts';

const seed = Number(process.env.FUZZ_SEED ?? 20_191_108);
/** Requests of a round; there are three. */
const ROUND = Number(process.env.FUZZ_RUNS ?? 400);
const MAX_ANSWER_MS = 20_000;
const jarFile = fileURLToPath(new URL('../../../../examples/jars/state-machine.jar', import.meta.url));
/** The end of it is for DELETE /cluster alone; programs that run are another test's. */
const asked = endpoints.filter(({ id, kind }) => id !== 'shutDownCluster' && kind !== 'events');

let directory = '';
let server: ServerProcess;
let job = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-fuzz-'));
  const limits = ['-D', 'jars.max-jar-bytes=2000000', '-D', 'rest.idle-body-timeout-ms=300'];
  server = await ServerProcess.start('--data-dir', join(directory, 'data'), '--slots', '2', ...limits);
  const jar = await server.upload(jarFile);
  job = (await server.ask('POST', `/jars/${jar}/run?entry-class=StateMachineExample`)).body.jobid;
  await server.poll(`/jobs/${job}/checkpoints`, ({ counts }) => counts?.completed >= 1);
});

afterAll(async () => {
  await server.end('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

async function askInTime(method: string, path: string, options: Parameters<ServerProcess['ask']>[2]): Promise<number> {
  const startedMs = performance.now();
  // A refused upload may end the connection before it is sent to its end.
  const answer = await server.ask(method, path, options).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ECONNRESET') return undefined;
    throw error;
  });
  expect(performance.now() - startedMs).toBeLessThan(MAX_ANSWER_MS);
  if (answer !== undefined) checkAnswer(method, answer);
  return answer?.status ?? 0;
}

async function round(number: number): Promise<void> {
  const page = await server.get(`/jobs/${job}`);
  const known = { jobid: [job], vertexid: page.vertices.map(({ id }: { id: string }) => id), subtaskindex: ['0'] };
  const anyRequest = fc.oneof(...asked.map((endpoint) => requestFor(endpoint, known)));
  const requests = fc.sample(anyRequest, { seed: seed + number, numRuns: ROUND });
  const uploads = fc.sample(uploadOf(await makeJars()), { seed: seed + number, numRuns: Math.ceil(ROUND / 10) });
  const works = [
    ...requests.map(({ method, url, headers, body }) => () => {
      return askInTime(method, url, { headers, ...(body === undefined ? {} : { payload: body }) });
    }),
    ...uploads.map(({ payload, contentType }) => () => {
      return askInTime('POST', '/jars/upload', { headers: { 'content-type': contentType }, payload });
    }),
    ...uploads.map(
      ({ payload }) =>
        () =>
          breakOff(payload),
    ),
  ];
  await Promise.all(Array.from({ length: 8 }, () => workOff(works)));
  await deleteJars();
}

async function workOff(works: (() => Promise<unknown>)[]): Promise<void> {
  for (let work = works.pop(); work !== undefined; work = works.pop()) await work();
}

/** An upload that goes away in the middle, or stays silent. */
async function breakOff(payload: Buffer): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  const head = `POST /jars/upload HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: ${payload.length + 1}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), payload.subarray(0, payload.length / 2)]));
  if (payload.length % 2 === 0) socket.destroy();
  await new Promise((resolve) => socket.once('close', resolve).resume());
}

async function deleteJars(): Promise<void> {
  const { files } = await server.get('/jars');
  for (const { id, name } of files) {
    if (name !== 'program.jar') await askInTime('DELETE', `/jars/${encodeURIComponent(id)}`, {});
  }
}

test('stays sound', { timeout: 600_000 }, async () => {
  const temporary = (await readdir(tmpdir())).filter((name) => name.startsWith('yeoul')).length;
  await round(1);
  await wait(1000);
  const [handles = 0, residentMiB = 0] = [server.openHandles, server.residentMiB];
  await round(2);
  await round(3);
  await wait(1000);
  const page = await server.get(`/jobs/${job}`);
  expect([page.state, page.vertices.map(({ status }: { status: string }) => status)]).toEqual([
    'RUNNING',
    ['RUNNING', 'RUNNING'],
  ]);
  expect((await server.get(`/jobs/${job}/exceptions`))['root-exception']).toBeNull();
  const { counts } = await server.get(`/jobs/${job}/checkpoints`);
  expect(counts).toMatchObject({ failed: 0, restored: 0 });
  await server.poll(`/jobs/${job}/checkpoints`, (now) => now.counts.completed > counts.completed);
  // Nothing is left: of uploads, temporary files, handles, memory.
  const jars = join(directory, 'data', 'jars');
  expect((await readdir(jars)).filter((name) => !name.startsWith('.'))).toHaveLength(1);
  expect(await readdir(join(jars, '.incoming'))).toEqual([]);
  expect(await readdir(join(jars, '.programs'))).toHaveLength(1);
  expect((await readdir(tmpdir())).filter((name) => name.startsWith('yeoul')).length).toBeLessThanOrEqual(
    temporary + 3,
  );
  expect((server.openHandles ?? 0) - handles).toBeLessThanOrEqual(20);
  expect((server.residentMiB ?? 0) - residentMiB).toBeLessThan(100);
  expect(await server.end('SIGTERM')).toBe(0);
});
