import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { WebSocketSource } from '../../src/http/index.ts';
import type { OpenWebSocket } from '../../src/http/open-web-socket.ts';
import { runSourceFunction } from '../run-source-function.ts';

const servers: WebSocketServer[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

async function serve(onConnection: (socket: WebSocket, count: number) => void): Promise<string> {
  let count = 0;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  server.on('connection', (socket) => onConnection(socket, ++count));
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const noPause = async (): Promise<void> => {};

test('messages become records; after a hang-up it connects and greets again', async () => {
  const greetings: string[] = [];
  const url = await serve((socket, count) => {
    socket.on('message', (data) => {
      greetings.push(String(data));
      socket.send(JSON.stringify([{ connection: count }]));
      socket.send(Buffer.from('"binary"'));
      if (count < 3) socket.close();
    });
  });
  const source = runSourceFunction(new WebSocketSource<unknown>({ url, greetings: ['subscribe'], pause: noPause }));
  await source.waitFor(6);
  await source.stop();
  const of = (connection: number): unknown[] => [{ connection }, 'binary'];
  expect(source.records).toEqual([...of(1), ...of(2), ...of(3)]);
  expect(greetings).toEqual(['subscribe', 'subscribe', 'subscribe']);
});

test('when nobody answers, the pauses grow and the job fails with the address', async () => {
  const url = await serve(() => {});
  servers[0]?.close();
  const pauses: number[] = [];
  const pause = async (durationMs: number): Promise<void> => {
    pauses.push(durationMs);
  };
  const source = runSourceFunction(new WebSocketSource({ url, maxRetries: 3, retryPause: 10, pause }));
  await expect(source.done).rejects.toThrow(new RegExp(`Cannot connect to ${url} \\(.*ECONNREFUSED.*; 4 attempts\\)`));
  expect(pauses).toEqual([10, 20, 40]);
});

test('a slow job pauses the client; nothing is lost', async () => {
  const url = await serve((socket) => {
    for (let i = 0; i < 50_000; i++) socket.send(String(i));
  });
  const source = runSourceFunction(new WebSocketSource<number>({ url }));
  source.setRoom(false);
  await source.waitFor(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(source.records.length).toBe(1);
  source.setRoom(true);
  await source.waitFor(50_000);
  await source.stop();
  expect(source.records).toEqual(Array.from({ length: 50_000 }, (_, i) => i));
});

test('a client that cannot pause fails the job when too much waits', async () => {
  const open: OpenWebSocket = (_url, _headers, events) => {
    queueMicrotask(() => {
      events.onOpen();
      for (let i = 0; i < 12; i++) events.onMessage(String(i));
    });
    return { send: () => {}, close: () => {}, setPaused: undefined };
  };
  const options = { url: 'ws://x', maxBufferedMessages: 10, load: async () => open };
  await expect(runSourceFunction(new WebSocketSource(options)).done).rejects.toMatchObject({ code: 'INPUT_OVERRUN' });
});

test('cancel ends a source that waits for messages; invalid ones are errors', async () => {
  let connections = 0;
  const url = await serve((socket, count) => {
    connections = count;
    if (count === 2) socket.send('{oops');
  });
  const waiting = runSourceFunction(new WebSocketSource({ url }));
  await vi.waitUntil(() => connections === 1);
  await waiting.stop();
  await expect(runSourceFunction(new WebSocketSource({ url })).done).rejects.toMatchObject({
    code: 'FILE_RECORD_INVALID',
  });
});
