// The routes of jars over a fake engine: what goes in over HTTP, what the engine is asked, what comes out.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appError } from '@yeoul/engine';
import type { JobGraphDescription, ProgramDescriptor, SubmitJobOptions } from '@yeoul/engine/runtime';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHttpServer as createServer } from '../../src/http/http-server.ts';
import { createJarRoutes } from '../../src/jars/jar-routes.ts';
import { JarStore } from '../../src/jars/jar-store.ts';
import { writeJobJar } from '../../src/jars/write-job-jar.ts';
import { SavepointPlaces } from '../../src/security/savepoint-places.ts';
import { exchange, parseAnswers } from '../support/raw-request.ts';
import { description, zipOf } from './jar-files.ts';

const uuid = '0b5fd7c1-9d0b-4b5e-8b0e-6c8e6a1f0c0d';
const jobId = 'ab'.repeat(16);
const planOf = {
  name: 'Words',
  nodes: [{ id: '1', parallelism: 1, operator: '', operator_strategy: '', description: '', optimizer_properties: {} }],
};

let directory = '';
let server: FastifyInstance;
let asked: (Partial<ProgramDescriptor> & Partial<SubmitJobOptions>)[] = [];
let failure: unknown;
/** Of the next uploads. */
let uuids: string[] = [];
/** The engine answers when it is over. */
let hold: Promise<void> = Promise.resolve();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-routes-'));
  asked = [];
  failure = undefined;
  hold = Promise.resolve();
  uuids = [];
  const limits = { maxJarBytes: 100_000, maxUploads: 2, maxKeptBytes: 150_000 };
  const store = await JarStore.open({ directory, createUuid: () => uuids.pop() ?? uuid, limits });
  const answer = <T>(request: Partial<ProgramDescriptor> & Partial<SubmitJobOptions>, value: T): Promise<T> => {
    asked.push(request);
    return failure === undefined ? hold.then(() => value) : Promise.reject(failure);
  };
  const routes = createJarRoutes({
    store,
    limits: { maxSubmissionsPerMinute: 3, maxEvaluations: 2, maxWaitingEvaluations: 1 },
    savepointPlaces: new SavepointPlaces([join(directory, 'savepoints')]),
    planner: { plan: (program) => answer(program, { plan: planOf } as unknown as JobGraphDescription) },
    cluster: { submitJob: ({ untilAccepted: _, ...rest }) => answer(rest, rest.jobId ?? jobId) },
    defaults: { parallelism: 1, stateBackend: 'heap', checkpointIntervalMs: undefined },
    nowMs: () => 1000,
    createJobId: () => jobId,
  });
  server = await createServer({ groups: [routes] });
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

interface Part {
  readonly name?: string;
  readonly fileName?: string;
  readonly contents: string | Uint8Array;
}

function multipart(...parts: readonly Part[]): { payload: Buffer; headers: Record<string, string> } {
  const pieces = parts.flatMap(({ name = 'jarfile', fileName, contents }) => [
    `--cut\r\nContent-Disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n`,
    `${fileName === undefined ? '' : 'Content-Type: application/x-java-archive\r\n'}\r\n`,
    contents,
    '\r\n',
  ]);
  const payload = Buffer.concat([...pieces, '--cut--\r\n'].map((piece) => Buffer.from(piece as string)));
  return { payload, headers: { 'content-type': 'multipart/form-data; boundary=cut' } };
}

const jarBytes = await writeJobJar(description, Buffer.from('exports.WordCount = () => {}'));
const jar: Part = { fileName: 'words.jar', contents: jarBytes };

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, rest: object = {}) {
  const response = await server.inject({ method, url, headers: { host: '127.0.0.1:8081' }, ...rest });
  return [response.statusCode, response.json()] as const;
}
const upload = (...parts: readonly Part[]) => {
  const { payload, headers } = multipart(...parts);
  return call('POST', '/jars/upload', { payload, headers: { ...headers, host: '127.0.0.1:8081' } });
};
const errors = (status: number, message: string) => [status, { errors: [message] }];
const filesLeft = async () => (await readdir(directory, { recursive: true })).filter((name) => !/^\.\w+$/.test(name));

test('upload, list, delete', async () => {
  expect(await upload(jar)).toEqual([200, { filename: `${directory}/${uuid}_words.jar`, status: 'success' }]);
  const [status, listed] = await call('GET', '/v1/jars');
  expect([status, listed]).toEqual([
    200,
    {
      address: 'http://127.0.0.1:8081',
      files: [
        {
          id: `${uuid}_words.jar`,
          name: 'words.jar',
          uploaded: expect.any(Number),
          entry: [{ name: 'WordCount', description: null }],
        },
      ],
    },
  ]);
  expect(await call('DELETE', `/jars/${uuid}_words.jar`)).toEqual([200, {}]);
  expect(await call('DELETE', `/jars/${uuid}_words.jar`)).toEqual(
    errors(400, `File ${uuid}_words.jar does not exist in ${directory}.`),
  );
});

test.each(['jarfile', 'jarFile', 'file', 'x', ''])('the part may be called %j', async (name) => {
  expect((await upload({ ...jar, name }))[0]).toBe(200);
});

test('a file name with a path keeps its last part', async () => {
  expect(await upload({ ...jar, fileName: '../../evil.jar' })).toEqual([
    200,
    { filename: `${directory}/${uuid}_evil.jar`, status: 'success' },
  ]);
});

test.each<[string, Part[], number, string | RegExp]>([
  ['no part', [], 400, 'Exactly 1 file must be sent, received 0.'],
  ['two files', [jar, { ...jar, fileName: 'b.jar' }], 400, 'Exactly 1 file must be sent, received 2.'],
  ['no jar', [{ fileName: 'notes.txt', contents: 'x' }], 400, 'Only Jar files are allowed.'],
  ['a field', [{ name: 'foo', contents: 'x' }], 400, 'Received unknown attribute foo.'],
  ['a field after the jar', [jar, { name: 'foo', contents: 'x' }], 400, 'Received unknown attribute foo.'],
  ['no zip', [{ ...jar, contents: 'not a jar' }], 400, /^Jar words.jar is not readable/],
  ['too much', [{ ...jar, contents: Buffer.alloc(110_000) }], 413, /the limit is 100000 \(jars\.max-jar-bytes\)/],
])('an upload of %s is refused and leaves nothing', async (_title, parts, status, message) => {
  const [actual, body] = await upload(...parts);
  expect([actual, body.errors]).toEqual([status, [expect.stringMatching(message)]]);
  expect(await filesLeft()).toEqual([]);
});

test('a Java jar is told the ways out', async () => {
  const java = await zipOf({ 'META-INF/MANIFEST.MF': 'Main-Class: a.B\n', 'a/B.class': 'cafe' });
  const [status, body] = await upload({ fileName: 'flink-job.jar', contents: java });
  expect([status, body.errors[0]]).toEqual([400, expect.stringContaining('yeoul build job.ts -o job.jar')]);
});

test('a job graph of Java, as Flink’s clients send it, is told how to run a job', async () => {
  const graph: Part = { name: 'file_0', fileName: 'flink-jobgraph.bin', contents: Buffer.from([0xac, 0xed, 0, 5]) };
  const { payload, headers } = multipart(
    { name: 'request', contents: '{"jobGraphFileName":"flink-jobgraph.bin"}' },
    graph,
  );
  const answers = [
    await call('POST', '/jobs', { payload, headers }),
    await call('POST', '/v1/jobs', { payload: '{}' }),
  ];
  for (const [status, body] of answers) {
    expect([status, body.errors]).toEqual([400, [expect.stringContaining('POST /jars/upload')]]);
  }
});

test.each([
  ['', 'Exactly 1 file must be sent, received 0.'],
  ['{}', 'Exactly 1 file must be sent, received 0.'],
  ['PK…', 'Request did not match expected format EmptyRequestBody.'],
])('a body of %j that is no multipart is refused', async (payload, message) => {
  expect(await call('POST', '/jars/upload', { payload })).toEqual(errors(400, message));
});

test.each([60, 200, 500])('an upload cut off after %i bytes is refused', async (size) => {
  const { payload, headers } = multipart(jar);
  const [status, body] = await call('POST', '/jars/upload', {
    payload: payload.subarray(0, size),
    headers: { ...headers, host: '127.0.0.1:8081' },
  });
  expect([status, body.errors]).toEqual([400, [expect.stringMatching(/cut off|received 0/)]]);
  expect(await filesLeft()).toEqual([]);
});

test('a client that goes away in the middle leaves nothing, and the server goes on', async () => {
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as { port: number };
  const { payload, headers } = multipart(jar);
  const socket = connect(port, '127.0.0.1');
  const head = `POST /jars/upload HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${payload.byteLength}\r\nContent-Type: ${headers['content-type']}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), payload.subarray(0, 300)]));
  await expect.poll(() => readdir(join(directory, '.incoming'))).toHaveLength(1);
  socket.destroy();
  await expect.poll(filesLeft).toEqual([]);
  expect((await call('GET', '/jars'))[0]).toBe(200);
});

async function beginUpload(sizeBytes: number): Promise<Socket> {
  const { port } = server.server.address() as { port: number };
  const { payload, headers } = multipart({ ...jar, contents: Buffer.alloc(sizeBytes) });
  const socket = connect(port, '127.0.0.1');
  const head = `POST /jars/upload HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${payload.byteLength}\r\nContent-Type: ${headers['content-type']}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), payload.subarray(0, payload.byteLength - 20)]));
  return socket;
}

test('uploads beyond the limit are told to come again, and there is room when one ends', async () => {
  await server.listen({ port: 0, host: '127.0.0.1' });
  uuids = ['b', 'a'];
  const held = await Promise.all([beginUpload(300), beginUpload(300)]);
  await expect.poll(() => readdir(join(directory, '.incoming'))).toHaveLength(2);
  const { payload, headers } = multipart(jar);
  const refused = await server.inject({
    method: 'POST',
    url: '/jars/upload',
    payload,
    headers: { ...headers, host: '127.0.0.1' },
  });
  expect([refused.statusCode, refused.headers['retry-after'], refused.json().errors]).toEqual([
    503,
    '1',
    [expect.stringContaining('2 uploads are under way, which is the limit (jars.max-uploads)')],
  ]);
  for (const socket of held) socket.destroy();
  await expect.poll(async () => (await upload(jar))[0]).toBe(200);
});

test('an upload that finds no room is refused in the middle, over a connection that reads it to the end', async () => {
  await server.listen({ port: 0, host: '127.0.0.1' });
  uuids = ['b', 'a'];
  const held = await beginUpload(90_000);
  await expect.poll(async () => sizeOf(await readdir(join(directory, '.incoming')))).toBeGreaterThan(80_000);
  const { port } = server.server.address() as { port: number };
  const { payload, headers } = multipart({ ...jar, contents: Buffer.alloc(90_000) });
  const refused = await fetch(`http://127.0.0.1:${port}/jars/upload`, { method: 'POST', body: payload, headers });
  expect([refused.status, ((await refused.json()) as { errors: string[] }).errors]).toEqual([
    507,
    [expect.stringContaining('the limit is 150000 (jars.max-kept-bytes): delete some')],
  ]);
  held.destroy();
  await expect.poll(filesLeft).toEqual([]);
});

test.each<[string, Part[], number]>([
  ['that finds no room', [{ ...jar, contents: Buffer.alloc(5_000_000) }], 507],
  [
    'with a field before its file',
    [
      { name: 'foo', contents: 'x' },
      { ...jar, contents: Buffer.alloc(5_000_000) },
    ],
    400,
  ],
  ['of two large files', [jar, { ...jar, contents: Buffer.alloc(5_000_000) }], 400],
])('after a large upload %s its connection takes the next request', async (_title, parts, status) => {
  const store = await JarStore.open({ directory, createUuid: () => uuid, limits: { maxKeptBytes: 200_000 } });
  const unused = () => Promise.reject(new Error('not in this test'));
  const routes = createJarRoutes({
    store,
    planner: { plan: unused },
    cluster: { submitJob: unused },
    defaults: { parallelism: 1, stateBackend: 'heap', checkpointIntervalMs: undefined },
    nowMs: () => 1000,
    createJobId: () => jobId,
  });
  const large = await createServer({ groups: [routes], limits: { idleBodyTimeoutMs: 1000 } });
  const url = await large.listen({ host: '127.0.0.1', port: 0 });
  const { payload, headers } = multipart(...parts);
  const host = `Host: ${new URL(url).host}\r\n`;
  const head = `POST /jars/upload HTTP/1.1\r\n${host}Content-Type: ${headers['content-type']}\r\nContent-Length: ${payload.length}\r\n\r\n`;
  const next = `GET /jars HTTP/1.1\r\n${host}Connection: close\r\n\r\n`;
  const answers = parseAnswers(await exchange(url, Buffer.concat([Buffer.from(head), payload, Buffer.from(next)])));
  expect(answers.map((answer) => answer.status)).toEqual([status, 200]);
  expect(await filesLeft()).toEqual([]);
  await large.close();
});

async function sizeOf(names: readonly string[]): Promise<number> {
  const files = await Promise.all(names.map((name) => stat(join(directory, '.incoming', name))));
  return files.reduce((sum, { size }) => sum + size, 0);
}

test('plan and run ask the engine for what query and body say', async () => {
  await upload(jar);
  const id = `${uuid}_words.jar`;
  const bundlePath = join(directory, '.programs', id, 'program.cjs');
  expect(await call('GET', `/jars/${id}/plan?programArg=--n,3&parallelism=2`)).toEqual([
    200,
    { plan: { jid: jobId, ...planOf } },
  ]);
  const chosen = 'cd'.repeat(16);
  const body = { entryClass: 'Other', programArgs: '--a "b c"', jobId: chosen };
  expect(await call('POST', `/jars/${id}/plan`, { payload: body })).toEqual([
    200,
    { plan: { jid: chosen, ...planOf } },
  ]);
  expect(
    await call(
      'POST',
      `/jars/${id}/run?savepointPath=${directory}/savepoints/s&allowNonRestoredState=TRUE&programArg=x&programArg=y`,
    ),
  ).toEqual([200, { jobid: jobId }]);
  expect(asked).toEqual([
    expect.objectContaining({ bundlePath, entry: 'WordCount', args: ['--n', '3'], parallelism: 2 }),
    expect.objectContaining({ bundlePath, entry: 'Other', args: ['--a', 'b c'], parallelism: undefined }),
    {
      bundlePath,
      entry: 'WordCount',
      args: ['x', 'y'],
      parallelism: undefined,
      jobId: undefined,
      savepointPath: `${directory}/savepoints/s`,
      allowNonRestoredState: true,
    },
  ]);
});

test.each<['GET' | 'POST', string, string | undefined, () => string]>([
  ['GET', '/jars/nope.jar/plan', undefined, () => `Jar file ${directory}/nope.jar does not exist`],
  ['POST', '/jars/nope.jar/run', undefined, () => `Jar file ${directory}/nope.jar does not exist`],
  ['GET', '/jars/..%2Fx_a.jar/plan', undefined, () => `Jar file ${directory}/../x_a.jar does not exist`],
  ['POST', '/jars/x.jar/run', '{"entryClass":', () => 'Request did not match expected format JarRunRequestBody.'],
  ['POST', '/jars/x.jar/run', '{"nope":1}', () => 'Request did not match expected format JarRunRequestBody.'],
  ['POST', '/jars/x.jar/run', '{"jobId":"zz"}', () => 'Request did not match expected format JarRunRequestBody.'],
  ['POST', '/jars/x.jar/plan', '[]', () => 'Request did not match expected format JarPlanRequestBody.'],
  ['GET', '/jars/x.jar/plan?parallelism=1,2', undefined, () => 'Expected only one value [1, 2].'],
])('%s %s %s is refused', async (method, url, payload, message) => {
  expect(await call(method, url, payload === undefined ? {} : { payload })).toEqual(errors(400, message()));
});

test.each(['/etc', 'file:///etc', 'DIR/savepoints/../x', 'file://DIR/savepoints/%2e%2e/x'])(
  'a savepoint at %s is refused before anything is run',
  async (place) => {
    await upload(jar);
    const savepointPath = place.replace('DIR', directory);
    const [status, body] = await call('POST', `/jars/${uuid}_words.jar/run`, { payload: { savepointPath } });
    expect([status, body.errors]).toEqual([400, [expect.stringContaining(`(${directory}/savepoints)`)]]);
    expect(asked).toEqual([]);
  },
);

test('submissions beyond the limit are told when to come again', async () => {
  await upload(jar);
  const url = `/jars/${uuid}_words.jar/run`;
  for (let i = 0; i < 3; i++) expect((await call('POST', url))[0]).toBe(200);
  const refused = await server.inject({ method: 'POST', url, headers: { host: '127.0.0.1' } });
  expect([refused.statusCode, refused.headers['retry-after'], refused.json().errors]).toEqual([
    429,
    '20',
    [expect.stringContaining('More than 3 jobs a minute were submitted (rest.max-submissions-per-minute)')],
  ]);
  expect((await call('GET', `/jars/${uuid}_words.jar/plan`))[0]).toBe(200);
});

test('programs that find no turn are told to come again', async () => {
  await upload(jar);
  let release: () => void = () => undefined;
  hold = new Promise((resolve) => {
    release = resolve;
  });
  const url = `/jars/${uuid}_words.jar/plan`;
  const running = [call('GET', url), call('GET', url), call('GET', url)];
  await expect.poll(() => asked.length).toBe(2);
  const refused = await server.inject({ url, headers: { host: '127.0.0.1' } });
  expect([refused.statusCode, refused.headers['retry-after'], refused.json().errors]).toEqual([
    503,
    '1',
    [expect.stringContaining('rest.max-evaluations')],
  ]);
  release();
  expect((await Promise.all(running)).map(([status]) => status)).toEqual([200, 200, 200]);
});

test('a failure of the program is the submitter’s, with its place', async () => {
  await upload(jar);
  const run = () => call('POST', `/jars/${uuid}_words.jar/run`);
  failure = Object.assign(new TypeError('no input'), { stack: 'TypeError: no input\n    at main (job.ts:3:5)' });
  expect(await run()).toEqual(
    errors(400, 'The program failed before it was executed: TypeError: no input (at main (job.ts:3:5))'),
  );
  failure = Object.assign(new Error('There is already a job'), { code: 'JOB_ALREADY_EXISTS' });
  expect(await run()).toEqual(errors(409, 'There is already a job'));
  failure = appError('PROGRAM_TOO_SLOW', ['WordCount', 5]);
  expect((await run())[0]).toBe(400);
});
