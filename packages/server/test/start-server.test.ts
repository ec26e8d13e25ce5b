import { request } from 'node:http';
import { createConnection } from 'node:net';
import { TestCluster } from '@yeoul/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, Tokens } from '../src/index.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.open({ slots: 1 });
});

afterAll(() => cluster.close());

const options = () => ({ cluster: cluster.cluster, engineVersion: '0.0.0-test', port: 0 });

test('a server listens on this machine alone, on a free port, until it is closed', async () => {
  const server = await startServer(options());
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const response = await fetch(`${server.url}/v1/overview`);
  expect([response.status, await response.json()]).toEqual([
    200,
    expect.objectContaining({ taskmanagers: 1, 'slots-total': 1, 'slots-available': 1 }),
  ]);
  await server.close();
  await expect(fetch(`${server.url}/v1/overview`)).rejects.toThrow();
});

test('a port that is taken is said, and the cluster is left open', async () => {
  const server = await startServer(options());
  const port = Number(new URL(server.url).port);
  await expect(startServer({ ...options(), port })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: `Port ${port} of 127.0.0.1 is taken by another process: end that one, or choose another port; --port 0 takes a free one`,
  });
  expect((await fetch(`${server.url}/jobs`)).status).toBe(200);
  await server.close();
});

test('of several ports the first that is free is taken; all taken are said at once', async () => {
  const [first, second] = await Promise.all([startServer(options()), startServer(options())]);
  const [a, b] = [first, second].map(({ url }) => Number(new URL(url).port)) as [number, number];
  const third = await startServer({ ...options(), port: [a, b, 0] });
  expect((await fetch(`${third.url}/jobs`)).status).toBe(200);
  await expect(startServer({ ...options(), port: [a, b] })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringMatching(/^Port \d+(-\d+|, \d+) of 127\.0\.0\.1 is taken/),
  });
  await second.close();
  const fourth = await startServer({ ...options(), port: [a, b] });
  expect(fourth.url).toBe(`http://127.0.0.1:${b}`);
  await Promise.all([first, third, fourth].map((server) => server.close()));
});

test('a foreign host name is refused over the wire', async () => {
  const server = await startServer(options());
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(`${server.url}/jobs`, { headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
  expect(status).toBe(403);
  await server.close();
});

test('close does not wait for connections that are kept open', async () => {
  const server = await startServer(options());
  const { hostname, port } = new URL(server.url);
  const socket = createConnection(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await server.close();
  await closed;
});

test('DELETE /cluster answers before it ends the cluster', async () => {
  let isShutDown = false;
  const shutDown = () => {
    isShutDown = true;
  };
  const server = await startServer({ ...options(), shutDown });
  const response = await fetch(`${server.url}/cluster`, { method: 'DELETE' });
  expect([response.status, await response.text()]).toEqual([200, '{}']);
  await expect.poll(() => isShutDown).toBe(true);
  await server.close();
});

test.each(['0.0.0.0', '::', '192.0.2.1'])('%s is not served without tokens, with the way out', async (host) => {
  const refusal = startServer({ ...options(), host });
  await expect(refusal).rejects.toMatchObject({ code: 'BIND_UNPROTECTED' });
  await expect(refusal).rejects.toThrow(`Serving ${host} without tokens`);
  await expect(refusal).rejects.toThrow('--token-file FILE');
});

test('with tokens every address of the machine may be served, and is asked by any of them', async () => {
  const token = 'v'.repeat(32);
  const tokens = new Tokens([{ role: 'viewer', token }]);
  const server = await startServer({ ...options(), host: '0.0.0.0', tokens });
  const { port } = new URL(server.url);
  const ask = (host: string, authorization = `Bearer ${token}`) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`http://127.0.0.1:${port}/jobs`, { headers: { host, authorization } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
  expect(await ask('198.51.100.7:8081')).toBe(200);
  expect(await ask('[2001:db8::1]:8081')).toBe(200);
  expect(await ask('evil.example')).toBe(403);
  expect(await ask('198.51.100.7', 'Bearer nope')).toBe(401);
  await server.close();
});

test('localhost is this machine; a name that nobody knows is told', async () => {
  const server = await startServer({ ...options(), host: 'localhost' });
  expect((await fetch(`${server.url}/jobs`)).status).toBe(200);
  await server.close();
  await expect(startServer({ ...options(), host: 'no-such-host.invalid' })).rejects.toMatchObject({
    code: 'LISTEN_FAILED',
  });
});

test('secrets among the settings are not shown', async () => {
  const configuration = { 'rest.token': 'abc', 'a.password': 'x', plain: 'y' };
  const server = await startServer({ ...options(), configuration });
  const shown = (await (await fetch(`${server.url}/jobmanager/config`)).json()) as { key: string; value: string }[];
  const shownAs = (key: string) => shown.find((entry) => entry.key === key)?.value;
  expect([shownAs('rest.token'), shownAs('a.password'), shownAs('plain')]).toEqual(['******', '******', 'y']);
  await server.close();
});
