import { request } from 'node:http';
import { createConnection } from 'node:net';
import { TestCluster } from '@yeoul/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../src/index.ts';

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
  await expect(startServer({ ...options(), port })).rejects.toThrow(/EADDRINUSE/);
  expect((await fetch(`${server.url}/jobs`)).status).toBe(200);
  await server.close();
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
