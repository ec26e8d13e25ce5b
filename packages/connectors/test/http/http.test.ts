import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { HttpPollSource, HttpServerSource, type HttpServerSourceOptions, HttpSink } from '../../src/http/index.ts';
import { runSourceFunction } from '../run-source-function.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<string> {
  let count = 0;
  const server = createServer((request, response) => answer(request, response, ++count));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const noPause = async (): Promise<void> => {};

test('polling gives the records of every answer; an unchanged one is not read again', async () => {
  const asked: unknown[] = [];
  const url = await serve((request, response, count) => {
    asked.push(request.headers['if-none-match']);
    if (count === 2) response.writeHead(304).end();
    else response.writeHead(200, { etag: `"${count}"` }).end(JSON.stringify([{ n: count }, { n: -count }]));
  });
  const source = runSourceFunction(new HttpPollSource<{ n: number }>({ url, interval: 1, pause: noPause }));
  await source.waitFor(4);
  await source.stop();
  expect(source.records.slice(0, 4)).toEqual([{ n: 1 }, { n: -1 }, { n: 3 }, { n: -3 }]);
  expect(asked.slice(0, 3)).toEqual([undefined, '"1"', '"1"']);
});

test('failures are retried with growing pauses; too many, and those that stay, fail the job', async () => {
  const pauses: number[] = [];
  const pause = async (durationMs: number): Promise<void> => {
    pauses.push(durationMs);
  };
  const url = await serve((_request, response, count) => {
    if (count <= 3) response.writeHead(503).end('busy');
    else if (count === 4) response.end('a\r\n\nb');
    else response.writeHead(404).end('gone');
  });
  const source = runSourceFunction(
    new HttpPollSource<string>({ url, interval: 7, format: 'lines', retryPause: 10, pause }),
  );
  await expect(source.done).rejects.toThrow(`GET ${url} failed after 1 attempts: status 404 gone`);
  expect(source.records).toEqual(['a', 'b']);
  expect(pauses).toEqual([10, 20, 40, 7]);
  const busy = await serve((_request, response) => response.writeHead(500).end('no'));
  const failing = runSourceFunction(new HttpPollSource({ url: busy, interval: 1, maxRetries: 2, pause: noPause }));
  await expect(failing.done).rejects.toThrow(`GET ${busy} failed after 3 attempts: status 500 no`);
});

test('an answer that is too large, no JSON, or never comes is an error', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/slow') return;
    response.end(request.url === '/large' ? `"${'x'.repeat(1000)}"` : '{oops');
  });
  const run = (path: string, timeout = 30_000) =>
    runSourceFunction(new HttpPollSource({ url: url + path, interval: 1, timeout, maxRetries: 0, maxBodyBytes: 500 }))
      .done;
  await expect(run('large')).rejects.toMatchObject({ code: 'LINE_TOO_LONG' });
  await expect(run('broken')).rejects.toMatchObject({ code: 'FILE_RECORD_INVALID' });
  await expect(run('slow', 50)).rejects.toMatchObject({ code: 'HTTP_REQUEST_FAILED' });
  expect(() => new HttpPollSource({ url: 'ftp://x', interval: 1 })).toThrow(
    'url is "ftp://x": give an address that starts with http: or https:',
  );
});

async function listen<T>(options: Partial<HttpServerSourceOptions<T>> = {}) {
  let port = 0;
  const listening = new Promise<void>((resolve) => {
    const onListening = (address: AddressInfo): void => {
      port = address.port;
      resolve();
    };
    Object.assign(options, { onListening });
  });
  const source = runSourceFunction(new HttpServerSource<T>({ port: 0, ...options }));
  await Promise.race([listening, source.done]);
  const url = `http://127.0.0.1:${port}/`;
  const post = (body: string, init: RequestInit = {}, path = '') =>
    fetch(url + path, { method: 'POST', body, ...init });
  return { source, post, url, port };
}

test('what is posted becomes records, in order, and is answered when it was taken', async () => {
  const { source, post } = await listen();
  const answer = await post('[{"a":1},{"a":2}]');
  expect([answer.status, await answer.json()]).toEqual([200, { accepted: 2 }]);
  await post('{"a":3}');
  expect(source.records).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  await source.stop();
});

test('lines, JSON lines and a parser of one’s own', async () => {
  const lines = await listen<unknown>({ format: 'lines' });
  await lines.post('a\nb\n');
  const jsonLines = await listen<unknown>({ format: 'json-lines' });
  await jsonLines.post('1\n{"b":2}\n');
  const own = await listen<unknown>({ format: (body) => [body.length] });
  await own.post('four');
  expect([lines, jsonLines, own].map(({ source }) => source.records)).toEqual([['a', 'b'], [1, { b: 2 }], [4]]);
  for (const { source } of [lines, jsonLines, own]) await source.stop();
});

test('requests that are wrong, too large or from web pages are refused with the reason', async () => {
  const { source, post, url, port } = await listen({ maxBodyBytes: 100 });
  const statusOf = async (answer: Promise<Response>): Promise<number> => (await answer).status;
  expect(await statusOf(post('{oops'))).toBe(400);
  expect(await statusOf(post('1', {}, 'other'))).toBe(404);
  expect(await statusOf(fetch(url))).toBe(405);
  expect(await statusOf(post(`"${'x'.repeat(200)}"`))).toBe(413);
  expect(await statusOf(post('1', { headers: { origin: 'http://evil.example' } }))).toBe(403);
  const foreign = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers: { host: 'evil.example' } }).end('1');
  const [answer] = (await once(foreign, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(403);
  answer.resume();
  const chunked = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 50; i++) controller.enqueue(new TextEncoder().encode('xxxxxxxxxx'));
      controller.close();
    },
  });
  const large = post('', { body: chunked, duplex: 'half' } as RequestInit).then(
    (response) => response.status,
    () => 413,
  );
  expect(await large).toBe(413);
  expect(source.records).toEqual([]);
  await source.stop();
});

test('a token is asked for; without one only this machine may be listened on', async () => {
  const { source, post } = await listen({ token: 'secret' });
  expect((await post('1')).status).toBe(401);
  expect((await post('1', { headers: { authorization: 'Bearer wrong!' } })).status).toBe(401);
  expect((await post('1', { headers: { authorization: 'Bearer secret' } })).status).toBe(200);
  await source.stop();
  expect(() => new HttpServerSource({ port: 1, host: '0.0.0.0' })).toThrow(
    'Listening on 0.0.0.0 would let other machines send records',
  );
});

test('a slow job makes senders wait, and refuses more than it may hold', async () => {
  const { source, post } = await listen<number>({ maxConcurrentRequests: 1 });
  source.setRoom(false);
  const first = post(JSON.stringify(Array.from({ length: 64 }, (_, i) => i)));
  await source.waitFor(64);
  const second = await post('[1]');
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1']);
  source.setRoom(true);
  expect((await first).status).toBe(200);
  await source.stop();
});

test('a port that is taken is an error', async () => {
  const { source, port } = await listen();
  await expect(runSourceFunction(new HttpServerSource({ port })).done).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${port} (EADDRINUSE)`,
  );
  await source.stop();
});

test('a sink posts batches, the rest at checkpoints and at the end, and retries', async () => {
  const bodies: unknown[] = [];
  const url = await serve((request, response, count) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      if (count === 2) response.writeHead(503).end();
      else {
        bodies.push(JSON.parse(body));
        response.end();
      }
    });
  });
  const sink = new HttpSink<number>({ url, maxBatchRecords: 2, pause: noPause });
  sink.initializeState();
  for (const record of [1, 2, 3, 4, 5]) await sink.invoke(record);
  await sink.snapshotState();
  await sink.invoke(6);
  await sink.finish();
  sink.close();
  expect(bodies).toEqual([[1, 2], [3, 4], [5], [6]]);
});
