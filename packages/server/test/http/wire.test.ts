// The server on the wire: pipelining, what is no HTTP, limits and timeouts, and the end. Routes are fakes.
import { setTimeout as wait } from 'node:timers/promises';
import { clusterEndpoints, jobEndpoints, savepointEndpoints } from '@yeoul/contract';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpLimits } from '../../src/http/http-limits.ts';
import { createHttpServer } from '../../src/http/http-server.ts';
import { route } from '../../src/http/route.ts';
import { exchange, open, parseAnswers, readToEnd } from '../support/raw-request.ts';

const host = 'Host: localhost\r\n';
const close = 'Connection: close\r\n';
let app: FastifyInstance | undefined;
let url = '';
/** Handlers of /overview wait for it. */
let gate: Promise<void> = Promise.resolve();

async function serve(limits: Partial<HttpLimits> = {}): Promise<void> {
  const routes = [
    route(jobEndpoints.listJobs, () => ({ jobs: [] })),
    route(clusterEndpoints.getOverview, async () => {
      await gate;
      return {} as any;
    }),
    route(savepointEndpoints.disposeSavepoint, ({ body }) => body as any),
  ];
  app = await createHttpServer({ groups: [{ routes }], limits });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
}

/** @returns lets its handlers go on */
function holdOverview(): () => void {
  let release: () => void = () => undefined;
  gate = new Promise((resolve) => {
    release = resolve;
  });
  return () => release();
}

afterEach(async () => {
  gate = Promise.resolve();
  await app?.close();
});

const post = (headers: string, body: string) => `POST /savepoint-disposal HTTP/1.1\r\n${host}${headers}\r\n${body}`;

describe('one connection', () => {
  test('pipelined requests are answered in their order, also when an earlier one takes longer', async () => {
    await serve();
    gate = wait(50);
    const answers = await exchange(
      url,
      `GET /overview HTTP/1.1\r\n${host}\r\n${post('Content-Length: 2\r\n', '{}')}GET /nope HTTP/1.1\r\n${host}\r\n` +
        `GET /jobs HTTP/1.1\r\n${host}${close}\r\n`,
    );
    expect(parseAnswers(answers)).toEqual([
      { status: 200, body: {} },
      { status: 200, body: {} },
      { status: 404, body: { errors: ['Unable to load requested file /nope.'] } },
      { status: 200, body: { jobs: [] } },
    ]);
  });

  test('a hundred requests one after the other', async () => {
    await serve();
    const asked = `GET /jobs HTTP/1.1\r\n${host}`;
    const requests = `${`${asked}\r\n`.repeat(99)}${asked}${close}\r\n`;
    expect(parseAnswers(await exchange(url, requests))).toEqual(
      Array.from({ length: 100 }, () => ({ status: 200, body: { jobs: [] } })),
    );
  });

  test('many at once', async () => {
    await serve();
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const response = await fetch(`${url}${i % 2 === 0 ? '/jobs' : '/nope'}`);
        await response.arrayBuffer();
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.filter((status) => status === 404)).toHaveLength(100);
  });
});

describe('what is no request is refused as {"errors": […]}, and the connection ends', () => {
  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400, /not HTTP/],
    ['another version', `GET /jobs HTTP/3.0\r\n${host}\r\n`, 400, /not HTTP/],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'), 400, /not HTTP/],
    ['length and chunks', post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400, /not HTTP/],
    ['CONNECT', `CONNECT a:1 HTTP/1.1\r\n${host}\r\n`, 404, /Not found/],
    ['an expectation', `GET /jobs HTTP/1.1\r\n${host}Expect: wonders\r\n\r\n`, 417, /Expectation "wonders"/],
    ['no host', `GET /jobs HTTP/1.1\r\n${close}\r\n`, 400, /Host header is missing/],
    [
      'two hosts',
      `GET /jobs HTTP/1.1\r\n${host}Host: evil.example\r\n${close}\r\n`,
      403,
      /Host "localhost, evil\.example"/,
    ],
    [
      'two origins',
      `GET /jobs HTTP/1.1\r\n${host}Origin: http://localhost\r\nOrigin: http://evil.example\r\n${close}\r\n`,
      403,
      /Origin/,
    ],
    [
      'long headers',
      `GET /jobs HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      /\(rest\.max-header-bytes\)/,
    ],
    ['a long address', `GET /${'x'.repeat(9000)} HTTP/1.1\r\n${host}${close}\r\n`, 414, /\(rest\.max-url-length\)/],
    ['a long body', post('Content-Length: 9999999999\r\n', '{'), 413, /\(rest\.max-body-bytes\)/],
  ])('%s', async (_title, text, status, message) => {
    await serve();
    const [answer] = parseAnswers(await exchange(url, text));
    expect([answer?.status, answer?.body]).toEqual([status, { errors: [expect.stringMatching(message)] }]);
    expect((await fetch(`${url}/jobs`)).status).toBe(200);
  });

  test('a body that turns out too long on its way', async () => {
    await serve({ maxBodyBytes: 1000 });
    const socket = await open(url);
    const ended = readToEnd(socket);
    socket.write(post('Transfer-Encoding: chunked\r\n', ''));
    for (let i = 0; i < 20 && !socket.destroyed; i++) {
      socket.write(`64\r\n${'x'.repeat(100)}\r\n`);
      await wait(1);
    }
    expect(parseAnswers(await ended)[0]).toEqual({
      status: 413,
      body: { errors: [expect.stringContaining('exceeds 1000 bytes (rest.max-body-bytes)')] },
    });
  });
});

describe('slow clients', () => {
  const late = { errors: [expect.stringContaining('did not arrive in time')] };

  test('headers that drip', async () => {
    await serve({ headerTimeoutMs: 100 });
    const socket = await open(url);
    const ended = readToEnd(socket);
    socket.write('GET /jobs HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('X: y\r\n'), 20);
    expect(parseAnswers(await ended)).toEqual([{ status: 408, body: late }]);
    clearInterval(drip);
  });

  test('a body that drips', async () => {
    await serve({ headerTimeoutMs: 100, requestTimeoutMs: 200 });
    const socket = await open(url);
    const ended = readToEnd(socket);
    socket.write(post('Content-Length: 1000000\r\n', ''));
    const drip = setInterval(() => socket.write('x'), 20);
    expect(parseAnswers(await ended)).toEqual([{ status: 408, body: late }]);
    clearInterval(drip);
  });

  test('a body that stops', async () => {
    await serve({ idleBodyTimeoutMs: 50 });
    const text = post('Content-Length: 10\r\n', '{');
    const [answer] = parseAnswers(await exchange(url, text));
    expect(answer).toEqual({ status: 408, body: late });
    expect(answer?.body.errors[0]).toContain('(rest.idle-body-timeout-ms 50)');
  });

  test('a handler may take as long as it likes', async () => {
    await serve({ idleBodyTimeoutMs: 30, headerTimeoutMs: 50, requestTimeoutMs: 60 });
    gate = wait(200);
    expect((await fetch(`${url}/overview`)).status).toBe(200);
    const slow = await fetch(`${url}/overview`, { method: 'POST', body: '{}' });
    expect(slow.status).toBe(404);
  });

  test.each([
    ['without a body', `GET /jobs HTTP/1.1\r\n${host}\r\n`],
    ['with a body', post('Content-Length: 2\r\n', '{}')],
    ['with a body that nobody reads', `GET /nope HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\n{}`],
  ])('a connection that is kept open ends after a while: after a request %s', async (_title, text) => {
    await serve({ keepAliveTimeoutMs: 50 });
    expect(parseAnswers(await exchange(url, text))).toHaveLength(1);
  });

  test('a connection without a request ends after a while', async () => {
    await serve({ headerTimeoutMs: 50, keepAliveTimeoutMs: 50 });
    expect(await readToEnd(await open(url))).toMatch(/^HTTP\/1.1 408 /);
  });
});

test('connections above the limit are refused, and there is room again when others end', async () => {
  await serve({ maxConnections: 3 });
  const held = await Promise.all([open(url), open(url), open(url)]);
  const [answer] = parseAnswers(await readToEnd(await open(url)));
  expect(answer).toEqual({
    status: 503,
    body: { errors: [expect.stringContaining('3 connections are open, which is the limit (rest.max-connections)')] },
  });
  for (const socket of held) socket.destroy();
  await expect.poll(async () => (await fetch(`${url}/jobs`).catch(() => undefined))?.status).toBe(200);
});

describe('closing', () => {
  test('answers what is under way, ends idle connections at once, and takes nothing more', async () => {
    await serve();
    const release = holdOverview();
    const underWay = fetch(`${url}/overview`);
    await fetch(`${url}/jobs`).then((response) => response.text());
    const idle = await open(url);
    const idleEnded = readToEnd(idle);
    await wait(20);
    const closed = app?.close();
    expect(await idleEnded).toBe('');
    await expect(fetch(`${url}/jobs`)).rejects.toThrow();
    release();
    expect([(await underWay).status, await (await underWay).text()]).toEqual([200, '{}']);
    await closed;
  });

  test('a request that is pipelined behind one under way is told to come again', async () => {
    await serve();
    const release = holdOverview();
    const socket = await open(url);
    const ended = readToEnd(socket);
    socket.write(`GET /overview HTTP/1.1\r\n${host}\r\n`);
    await wait(20);
    const closed = app?.close();
    await wait(5);
    socket.write(`GET /jobs HTTP/1.1\r\n${host}\r\n`);
    await wait(20);
    release();
    expect(parseAnswers(await ended).map(({ status }) => status)).toEqual([200, 503]);
    await closed;
  });

  test('does not wait for longer than the limit', async () => {
    await serve({ drainTimeoutMs: 50 });
    gate = new Promise(() => undefined);
    const cut = fetch(`${url}/overview`);
    const failed = expect(cut).rejects.toThrow();
    await wait(20);
    await app?.close();
    await failed;
  });
});
