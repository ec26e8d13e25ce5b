// Calls over real sockets, and over answers that no good server gives.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { FlinkApiError, FlinkClient, FlinkConnectionError } from '../../src/index.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function serve(handle: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(handle))}`;
}

const accept = (handle: (socket: Socket) => void) =>
  listen(createSocketServer((socket) => handle(socket.on('error', () => undefined))));

async function failureOf(client: FlinkClient): Promise<unknown> {
  return client.cluster.overview().then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('no answer', () => {
  const clientOf = (baseUrl: string) => new FlinkClient({ baseUrl, retries: 0, timeoutMillis: 2_000 });

  test('nothing listens', async () => {
    const port = await accept(() => undefined);
    servers.splice(0).map((server) => server.close());
    const error = await failureOf(clientOf(`http://127.0.0.1:${port}`));
    expect(error).toBeInstanceOf(FlinkConnectionError);
    expect(error).toMatchObject({ kind: 'refused', message: `Nothing listens at http://127.0.0.1:${port}` });
  });

  test('the name is not known', async () => {
    const resolved = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const send = () => Promise.reject(new TypeError('fetch failed', { cause: resolved }));
    const error = await failureOf(new FlinkClient({ baseUrl: 'http://flink.invalid', fetch: send }));
    expect(error).toMatchObject({ kind: 'name', message: 'No such host: flink.invalid' });
  });

  test('https: where there is no TLS', async () => {
    const url = await serve((_, response) => response.end('{}'));
    const error = await failureOf(clientOf(url.replace('http:', 'https:')));
    expect(error).toMatchObject({
      kind: 'tls',
      message: expect.stringContaining('No trusted TLS connection with https://'),
    });
  });

  test('the server hangs up at once', async () => {
    const port = await accept((socket) => socket.destroy());
    const error = await failureOf(clientOf(`http://127.0.0.1:${port}`));
    expect(error).toMatchObject({ kind: 'broken', message: expect.stringContaining('/overview got no whole answer') });
  });

  test('the server hangs up in the middle of the answer', async () => {
    const port = await accept((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"taskmanagers":'));
    expect(await failureOf(clientOf(`http://127.0.0.1:${port}`))).toMatchObject({ kind: 'broken' });
  });

  test('the server is silent', async () => {
    const port = await accept(() => undefined);
    const client = new FlinkClient({ baseUrl: `http://127.0.0.1:${port}`, timeoutMillis: 50 });
    const message = `GET http://127.0.0.1:${port}/overview was not answered within 50 ms (timeoutMillis)`;
    expect(await failureOf(client)).toMatchObject({ kind: 'timeout', message });
  });

  test('the answer trickles', async () => {
    const url = await serve((_, response) => response.write('{'));
    const client = new FlinkClient({ baseUrl: url, timeoutMillis: 50 });
    expect(await failureOf(client)).toMatchObject({ kind: 'timeout' });
  });
});

describe('refusals', () => {
  const answering = (
    text: string,
    status: number,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => {
    const send = () => Promise.resolve(new Response(text, { status, headers }));
    return new FlinkClient({ baseUrl: 'http://flink.test', fetch: send, retries: 0 });
  };

  test('have status, errors, method and URL', async () => {
    const error = await failureOf(answering('{"errors":["a.b.C: no\\n\\tat x"]}', 409));
    expect(error).toBeInstanceOf(FlinkApiError);
    expect(error).toMatchObject({
      name: 'FlinkApiError',
      message: 'no',
      status: 409,
      errors: ['a.b.C: no\n\tat x'],
      method: 'GET',
      url: 'http://flink.test/overview',
    });
  });

  test.each([
    ['', 413, { 'content-type': 'text/plain' }],
    ['<html>Bad Gateway</html>', 502, { 'content-type': 'text/html' }],
    ['{"errors":[]}', 500, { 'content-type': 'application/json' }],
    ['null', 500, { 'content-type': 'application/json' }],
  ])('a body "%s" that says nothing', async (text, status, headers) => {
    const error = await failureOf(answering(text, status, headers));
    expect(error).toMatchObject({ message: `GET http://flink.test/overview answered ${status}`, errors: [] });
  });

  test('a success that is no JSON', async () => {
    const error = await failureOf(answering('<html>\n<body>Sign in</body>', 200));
    expect(error).toMatchObject({ status: 200, message: expect.stringContaining('no JSON (is it Flink') });
    expect(String(error)).toContain('<html> <body>Sign in</body>');
  });
});

describe('repeating', () => {
  /** Answers 503 some times, then well. */
  function failing(times: number, headers: Record<string, string> = {}) {
    const clock = new VirtualClock();
    const atMillis: number[] = [];
    const send = async () => {
      atMillis.push(clock.nowMillis());
      if (atMillis.length <= times) return new Response('{"errors":["not yet"]}', { status: 503, headers });
      return new Response('{"jobs":[]}');
    };
    return { atMillis, client: new FlinkClient({ baseUrl: 'http://flink.test', fetch: send, clock, random: () => 1 }) };
  }

  test('safe calls are repeated with growing pauses', async () => {
    const { client, atMillis } = failing(3);
    expect(await client.jobs.list()).toEqual({ jobs: [] });
    expect(atMillis).toEqual([0, 100, 300, 700]);
  });

  test('the server may say how long to wait', async () => {
    const { client, atMillis } = failing(1, { 'retry-after': '2' });
    await client.jobs.list();
    expect(atMillis).toEqual([0, 2_000]);
  });

  test('no more often than asked for', async () => {
    const { client, atMillis } = failing(9);
    await expect(client.jobs.list()).rejects.toThrow('not yet');
    expect(atMillis).toHaveLength(4);
  });

  test('not beyond the time of the call', async () => {
    const { client, atMillis } = failing(9);
    await expect(client.jobs.list({ timeoutMillis: 250 })).rejects.toThrow('not yet');
    expect(atMillis).toEqual([0, 100]);
  });

  test('GETs that cancel are no safe calls', async () => {
    const { client, atMillis } = failing(1);
    await expect(client.jobs.cancelByGet('0'.repeat(32))).rejects.toThrow('not yet');
    expect(atMillis).toHaveLength(1);
  });
});

describe('who asks', () => {
  async function headersOf(options: { baseUrl: string; token?: string }) {
    const seen: { url: string; authorization: string | null }[] = [];
    const send: typeof fetch = async (input, init) => {
      seen.push({ url: String(input), authorization: new Headers(init?.headers).get('authorization') });
      return new Response('{}');
    };
    await new FlinkClient({ ...options, fetch: send }).cluster.overview();
    return seen[0];
  }

  test('a token', async () => {
    expect(await headersOf({ baseUrl: 'http://flink.test:8081/', token: 'secret' })).toEqual({
      url: 'http://flink.test:8081/overview',
      authorization: 'Bearer secret',
    });
  });

  test('user and password in the address; a path before the API', async () => {
    expect(await headersOf({ baseUrl: 'https://us%40er:p%C3%A4ss@proxy.test/flink/' })).toEqual({
      url: 'https://proxy.test/flink/overview',
      authorization: `Basic ${Buffer.from('us@er:päss').toString('base64')}`,
    });
  });

  test.each(['', 'localhost:8081', 'ftp://x', 'not an address'])('"%s" is no address', (baseUrl) => {
    expect(() => new FlinkClient({ baseUrl })).toThrow('is no http: or https: address');
  });
});
