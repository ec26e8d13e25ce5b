// Log pages: what is in the folder, and nothing else.
import { appendFile, mkdir, mkdtemp, open, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer, startServer } from '../../src/index.ts';
import { TestServer } from '../support/test-server.ts';

const TASK_MANAGER = '79657575'.padEnd(31, '0');
let directory = '';
let logs = '';
let server: TestServer;
let taskManager = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-logs-'));
  logs = join(directory, 'log');
  await mkdir(join(logs, 'folder'), { recursive: true });
  await writeFile(join(directory, 'secret'), 'the secret');
  await writeFile(join(logs, 'engine.log'), 'line 1\nline 2\n');
  await writeFile(join(logs, 'engine.log.1'), 'earlier\n');
  await writeFile(join(logs, 'jm.out'), 'from the program\n');
  await writeFile(join(logs, 'tm.out'), '');
  await writeFile(join(logs, 'a b%2F.log'), 'odd name\n');
  await symlink(join(directory, 'secret'), join(logs, 'link.log'));
  server = await TestServer.open({
    logs: { directory: logs, log: 'engine.log', jobManagerOutput: 'jm.out', taskManagerOutput: 'tm.out' },
  });
  taskManager = (await server.get('/taskmanagers')).body.taskmanagers[0].id;
});

afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

test('own files are sent as text', async () => {
  const log = await server.get('/jobmanager/log');
  expect(log).toMatchObject({ status: 200, text: 'line 1\nline 2\n' });
  expect(log.contentType).toMatch(/^text\/plain/);
  expect((await server.get('/jobmanager/stdout')).text).toBe('from the program\n');
  expect((await server.get(`/taskmanagers/${taskManager}/log`)).text).toBe('line 1\nline 2\n');
  expect(await server.get(`/taskmanagers/${taskManager}/stdout`)).toMatchObject({ status: 200, text: '' });
});

test('files of the folder are listed with size and time; links and folders are not', async () => {
  const { status, body } = await server.get('/v1/jobmanager/logs');
  const names = ['a b%2F.log', 'engine.log', 'engine.log.1', 'jm.out', 'tm.out'];
  expect(status).toBe(200);
  expect(body.logs.map(({ name }: { name: string }) => name)).toEqual(names);
  expect(body.logs[1]).toEqual({ name: 'engine.log', size: 14, mtime: expect.any(Number) });
  expect((await server.get(`/taskmanagers/${taskManager}/logs`)).body).toEqual(body);
});

test('a listed file can be read by its name', async () => {
  expect((await server.get('/jobmanager/logs/engine.log.1')).text).toBe('earlier\n');
  expect((await server.get(`/taskmanagers/${taskManager}/logs/jm.out`)).text).toBe('from the program\n');
  expect((await server.get(`/jobmanager/logs/${encodeURIComponent('a b%2F.log')}`)).text).toBe('odd name\n');
});

test.each([
  'nothere.log',
  'link.log',
  'folder',
  '..%2Fsecret',
  '%2e%2e%2fsecret',
  '..%5csecret',
  '..%252Fsecret',
  `${'%2e%2e%2f'.repeat(8)}etc%2Fpasswd`,
  '%2Fetc%2Fpasswd',
  'engine.log%00',
  '../secret',
  '../../secret',
])('%s is no file of the folder', async (name) => {
  for (const owner of ['/jobmanager', `/taskmanagers/${taskManager}`]) {
    const { status, text, body } = await server.get(`${owner}/logs/${name}`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.errors).toHaveLength(1);
    expect(text).not.toMatch(/the secret|root:/);
  }
});

test('paths that clients would shorten are no way out either', async () => {
  const listening = await startServer({
    cluster: server.cluster.cluster,
    engineVersion: '0',
    port: 0,
    logs: { directory: logs, log: 'engine.log', jobManagerOutput: 'jm.out', taskManagerOutput: 'tm.out' },
  });
  try {
    for (const name of ['%2e%2e', '.', '..', '../secret', '../../secret', '%2e%2e/secret']) {
      expect(await rawStatus(listening.url, `/jobmanager/logs/${name}`)).toBe(404);
    }
  } finally {
    await listening.close();
  }
});

/** As it stands: fetch and inject resolve dots before they send. */
function rawStatus(url: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('files of another task manager are not there', async () => {
  for (const page of ['log', 'stdout', 'logs', 'logs/engine.log']) {
    const { status, body } = await server.get(`/taskmanagers/${TASK_MANAGER}/${page}`);
    expect([status, body.errors[0]]).toEqual([404, expect.stringContaining(TASK_MANAGER)]);
  }
});

test('without a folder there are no files, and the newest output is kept', async () => {
  const plain = await TestServer.open();
  try {
    expect((await plain.get('/jobmanager/logs')).body).toEqual({ logs: [] });
    expect(await plain.get('/jobmanager/log?x=1')).toMatchObject({
      status: 404,
      body: { errors: ['Unable to load requested file /jobmanager/log.'] },
    });
    expect(await plain.get('/jobmanager/stdout')).toMatchObject({ status: 200, text: '' });
  } finally {
    await plain.close();
  }
});

test('a large file is sent at the pace of its reader, up to where it ended when it was asked for', async () => {
  const sizeBytes = 64 * 1024 * 1024;
  const path = join(logs, 'large.log');
  const file = await open(path, 'w');
  await file.truncate(sizeBytes);
  await file.close();
  const options = {
    cluster: server.cluster.cluster,
    engineVersion: '0',
    port: 0,
    logs: { directory: logs, log: 'large.log', jobManagerOutput: 'jm.out', taskManagerOutput: 'tm.out' },
  };
  const listening = await startServer(options);
  try {
    const before = process.memoryUsage().arrayBuffers;
    const response = await fetch(`${listening.url}/jobmanager/log`);
    expect(response.headers.get('content-length')).toBe(String(sizeBytes));
    await appendFile(path, 'more');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let received = (await reader.read()).value?.byteLength ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
    // What is under way is in buffers of sockets and streams, not the file.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(sizeBytes / 2);
    for (let part = await reader.read(); !part.done; part = await reader.read()) received += part.value.byteLength;
    expect(received).toBe(sizeBytes);
  } finally {
    await listening.close();
    await rm(path);
  }
});

test('a reader that goes away leaves no file open', async () => {
  const path = join(logs, 'large.log');
  const file = await open(path, 'w');
  await file.truncate(16 * 1024 * 1024);
  await file.close();
  const app = await createServer({
    cluster: server.cluster.cluster,
    engineVersion: '0',
    logs: { directory: logs, log: 'large.log', jobManagerOutput: 'jm.out', taskManagerOutput: 'tm.out' },
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    for (let i = 0; i < 20; i++) {
      const abort = new AbortController();
      const response = await fetch(`${address}/jobmanager/log`, { signal: abort.signal });
      await response.body?.getReader().read();
      abort.abort();
    }
    await expect.poll(() => openFiles(path)).toBe(0);
  } finally {
    await app.close();
    await rm(path);
  }
});

async function openFiles(path: string): Promise<number> {
  const links = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(links.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target === path).length;
}
