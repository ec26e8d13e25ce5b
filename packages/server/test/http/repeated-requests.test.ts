// Requests that come again byte for byte are answered without being read anew; nobody can tell but by the time it takes.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { clusterEndpoints, jobEndpoints, savepointEndpoints } from '@yeoul/contract';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test, vi } from 'vitest';
import { createHttpServer, type HttpServerOptions } from '../../src/http/http-server.ts';
import { route } from '../../src/http/route.ts';
import { Tokens } from '../../src/security/tokens.ts';
import { open, readToEnd } from '../support/raw-request.ts';

interface Served {
  readonly app: FastifyInstance;
  readonly url: string;
  /** Requests that Node has read. */
  readonly read: () => number;
  /** The server's end of a connection. @param port the client's */
  readonly endOf: (port: number) => ServedConnection | undefined;
}

interface ServedConnection {
  readonly socket: Socket;
  readonly requests: { readonly request: IncomingMessage; readonly response: ServerResponse }[];
}

const servers: FastifyInstance[] = [];
let name = '여울';
let revision = 0;
let nowMs = 1_700_000_000_000;

async function serve(options: Partial<HttpServerOptions> = {}): Promise<Served> {
  const routes = [
    route(jobEndpoints.listJobs, () => ({ jobs: [], name }) as any),
    route(clusterEndpoints.getConfig, async () => {
      await wait(5);
      return {} as any;
    }),
    route(savepointEndpoints.disposeSavepoint, ({ body }) => body as any),
  ];
  const pages = { revision: () => revision, nowMs: () => nowMs };
  const app = await createHttpServer({ groups: [{ routes }], pages, ...options });
  servers.push(app);
  let read = 0;
  const connections = new Map<number | undefined, ServedConnection>();
  app.server.on('connection', (socket) => connections.set(socket.remotePort, { socket, requests: [] }));
  app.server.on('request', (request, response) => {
    read++;
    connections.get(request.socket.remotePort)?.requests.push({ request, response });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, url, read: () => read, endOf: (port) => connections.get(port) };
}

afterEach(async () => {
  name = '여울';
  await Promise.all(servers.splice(0).map((app) => app.close()));
});

const host = 'Host: localhost\r\n';
const get = (headers = host, path = '/jobs') => `GET ${path} HTTP/1.1\r\n${headers}\r\n`;
const withoutDate = (text: string) => text.replace(/^Date: .*\r\n/gm, '');

/** Sends a piece, and waits until the answer to it is there: one of these many characters, else whatever came. */
async function ask(socket: Socket, piece: string): Promise<string> {
  let text = '';
  const take = (data: Buffer) => {
    text += data.toString();
  };
  socket.on('data', take);
  socket.write(piece);
  await vi.waitUntil(() => isWhole(text) || socket.destroyed, { timeout: 2000, interval: 2 });
  socket.off('data', take);
  return text;
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
  return end >= 0 && Buffer.byteLength(text.slice(end + 4)) >= length;
}

async function askTimes(url: string, times: number, piece = get()): Promise<string[]> {
  const socket = await open(url);
  const answers: string[] = [];
  for (let time = 0; time < times; time++) answers.push(await ask(socket, piece));
  socket.destroy();
  return answers;
}

test('the answer is that of a request which was read, to the byte', async () => {
  const { url, read } = await serve();
  // The page is made, the request is learnt, and then known.
  const answers = await askTimes(url, 5);
  expect(read()).toBe(2);
  expect(new Set(answers.map(withoutDate)).size).toBe(1);
  expect(answers[4]).toMatch(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r$/m);
});

test('the first request of a connection is always read, then those that another connection has taught', async () => {
  const { url, read } = await serve();
  await askTimes(url, 3);
  expect(read()).toBe(2);
  await askTimes(url, 3);
  expect(read()).toBe(3);
});

test('a page that is old, or whose state has changed, is made anew', async () => {
  const { url, read } = await serve();
  await askTimes(url, 3);
  const before = read();
  nowMs += 100;
  await askTimes(url, 2);
  revision += 1;
  await askTimes(url, 2);
  expect(read() - before).toBe(2);
});

test('a token that is taken back opens nothing any more, on connections that are open, too', async () => {
  const token = (name: string) => `${name}-token-${name}-token-1234567`;
  const tokens = new Tokens([{ role: 'viewer', token: token('viewer') }]);
  const { url, read } = await serve({ tokens });
  const piece = get(`${host}Authorization: Bearer ${token('viewer')}\r\n`);
  const socket = await open(url);
  const statuses: string[] = [];
  for (let time = 0; time < 4; time++) statuses.push((await ask(socket, piece)).slice(9, 12));
  expect([statuses, read()]).toEqual([['200', '200', '200', '200'], 2]);
  tokens.become(new Tokens([{ role: 'viewer', token: token('another') }]));
  expect((await ask(socket, piece)).slice(9, 12)).toBe('401');
  socket.destroy();
});

test.each([
  ['of a foreign host', get('Host: evil.example\r\n'), 403],
  ['without a host', get(''), 400],
  ['of a foreign origin', get(`${host}Origin: http://evil.example\r\n`), 403],
])('a request %s is refused each time', async (_name, piece, status) => {
  const { url, read } = await serve();
  await askTimes(url, 3);
  const before = read();
  const answers = await askTimes(url, 3, piece);
  expect(answers.map((answer) => Number(answer.slice(9, 12)))).toEqual([status, status, status]);
  expect(read() - before).toBe(3);
});

test('a server that closes refuses what it knows', async () => {
  const { app, url } = await serve();
  const socket = await open(url);
  for (let time = 0; time < 3; time++) await ask(socket, get());
  const closed = readToEnd(socket);
  await app.close();
  socket.write(get(), () => undefined);
  expect(await closed).toBe('');
});

test('a connection that is kept open ends a while after its last request', async () => {
  const { url, read } = await serve({ limits: { keepAliveTimeoutMs: 300 } });
  const socket = await open(url);
  for (let time = 0; time < 4; time++) await ask(socket, get());
  expect(read()).toBe(2);
  expect(await readToEnd(socket)).toBe('');
});

test('a reader that does not take its answers is waited for', async () => {
  name = 'x'.repeat(200_000);
  const server = await serve();
  await askTimes(server.url, 3);
  const socket = await open(server.url);
  const { socket: served } = await servedBy(server, socket);
  await ask(socket, get());
  socket.pause();
  let isTaken = true;
  for (let time = 2; time < 100 && isTaken; time++) {
    socket.write(get());
    const sentBytes = time * get().length;
    isTaken = await vi
      .waitUntil(() => served.bytesRead === sentBytes, { timeout: 300, interval: 1 })
      .catch(() => false);
  }
  expect(served.writableLength).toBeLessThan(1024 * 1024);
  socket.destroy();
});

/** What a client may send in one piece. The whole request stands where it is a body, too, and after what is no HTTP any more. */
const whole = get();
const pieces = {
  whole,
  other: get(`${host}Accept: */*\r\n`),
  missing: get(host, '/nope'),
  slow: get(host, '/config'),
  first: whole.slice(0, 20),
  rest: whole.slice(20),
  twice: whole + whole,
  half: whole + whole.slice(0, 9),
  empty: '\r\n',
  letter: 'G',
  posted: `POST /savepoint-disposal HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\n{}`,
  bodyToCome: `POST /savepoint-disposal HTTP/1.1\r\n${host}Content-Length: ${whole.length}\r\n\r\n`,
  chunksToCome: `POST /savepoint-disposal HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`,
  chunk: `${whole.length.toString(16)}\r\n`,
  lastChunk: '\r\n0\r\n\r\n',
  getWithBody: get(`${host}Content-Length: ${whole.length}\r\n`),
  expects: `POST /savepoint-disposal HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: ${whole.length}\r\n\r\n`,
  old: `GET /jobs HTTP/1.0\r\n${host}\r\n`,
  last: get(`${host}Connection: close\r\n`),
  upgrade: get(`${host}Connection: Upgrade\r\nUpgrade: websocket\r\n`),
  connect: `CONNECT localhost:80 HTTP/1.1\r\n${host}\r\n`,
  nothing: 'nonsense\r\n\r\n',
  head: `HEAD /jobs HTTP/1.1\r\n${host}\r\n`,
} as const;

test('whatever is sent, in whatever pieces: the answers are those of a server that reads everything', async () => {
  const [quick, plain] = [await serve(), await serve({ pages: undefined })];
  const names = Object.keys(pieces) as (keyof typeof pieces)[];
  const piece = fc.oneof(
    { weight: 2, arbitrary: fc.constant<keyof typeof pieces>('whole') },
    { weight: 3, arbitrary: fc.constantFrom(...names) },
  );
  const script = fc.array(piece, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(script, { minLength: 60, maxLength: 60 }), async (scripts) => {
      const playAll = (server: Served) => Promise.all(scripts.map((each) => play(server, each)));
      const [answers, expected] = [await playAll(quick), await playAll(plain)];
      expect(answers).toEqual(expected);
    }),
    { numRuns: 2, endOnFailure: true },
  );
  expect(quick.read()).toBeLessThan(plain.read());
});

/** Each piece is sent when all that the server could answer before is answered. */
async function play(server: Served, names: readonly (keyof typeof pieces)[]): Promise<object> {
  const socket = await open(server.url);
  socket.setNoDelay();
  const served = await servedBy(server, socket);
  const answers = readToEnd(socket);
  let sentBytes = 0;
  for (const piece of [whole, whole, ...names.map((name) => pieces[name])]) {
    // What is sent to a connection that has ended may take the last answer with it.
    if (hasEnded(served)) break;
    socket.write(piece);
    sentBytes += piece.length;
    await vi.waitUntil(() => isAnswered(served, sentBytes), { timeout: 5000, interval: 1 });
  }
  // What is on its way arrives before the end does.
  served.socket.end();
  const text = withoutDate(await answers);
  return { names, text };
}

/** The newest on that port. */
async function servedBy(server: Served, { localPort }: Socket): Promise<ServedConnection> {
  return vi.waitUntil(() => {
    const found = server.endOf(localPort!);
    return found === undefined || hasEnded(found) ? undefined : found;
  });
}

function isAnswered({ requests, socket }: ServedConnection, sentBytes: number): boolean {
  if (hasEnded({ socket })) return true;
  const isOpen = requests.some(({ request, response }) => request.complete && !response.writableFinished);
  return socket.bytesRead === sentBytes && !isOpen;
}

function hasEnded({ socket }: Pick<ServedConnection, 'socket'>): boolean {
  return socket.writableEnded || socket.destroyed;
}
