import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { SinkContext } from '@yeoul/engine';
import { afterEach, expect, test } from 'vitest';
import { SocketSink, SocketTextSource } from '../../src/sockets/index.ts';
import { runSourceFunction } from '../run-source-function.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function serve(onConnection: (socket: Socket, count: number) => void, port = 0): Promise<number> {
  let count = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    onConnection(socket, ++count);
  });
  servers.push(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const port = await serve(() => {});
  servers.pop()?.close();
  return port;
}

const context = {} as SinkContext;
const noPause = async (): Promise<void> => {};

test('a socket gives its texts to the end, the last one without a delimiter', async () => {
  const port = await serve((socket) => socket.end('a\nb\r\n여울\n\nlast'));
  const { records, done } = runSourceFunction(new SocketTextSource('127.0.0.1', port));
  await done;
  expect(records).toEqual(['a', 'b', '여울', '', 'last']);
});

test('a delimiter of several characters', async () => {
  const port = await serve((socket) => socket.end('a||b|c||'));
  const { records, done } = runSourceFunction(new SocketTextSource('127.0.0.1', port, { delimiter: '||' }));
  await done;
  expect(records).toEqual(['a', 'b|c']);
});

test('nobody answering is an error, at once or after the retries', async () => {
  const port = await freePort();
  const at = (maxRetrySeconds: number) =>
    runSourceFunction(new SocketTextSource('127.0.0.1', port, { maxRetrySeconds, pause: noPause }));
  await expect(at(0).done).rejects.toThrow(`Cannot connect to 127.0.0.1:${port} (ECONNREFUSED; 1 attempts)`);
  await expect(at(3).done).rejects.toThrow('ECONNREFUSED; 4 attempts');
});

test('with retries a hang-up is not the end; a text cut in two is whole', async () => {
  const port = await serve((socket, count) => socket.end(count < 3 ? `${count}-` : 'end\n'));
  const source = runSourceFunction(new SocketTextSource('127.0.0.1', port, { maxRetrySeconds: -1, pause: noPause }));
  await source.waitFor(1);
  await source.stop();
  expect(source.records[0]).toBe('1-2-end');
});

test('a slow job holds the server back', async () => {
  let sentBytes = 0;
  const line = `${'x'.repeat(1023)}\n`;
  const port = await serve((socket) => {
    const send = (): void => {
      while (socket.write(line)) sentBytes += line.length;
      sentBytes += line.length;
    };
    socket.on('drain', send);
    send();
  });
  const source = runSourceFunction(new SocketTextSource('127.0.0.1', port));
  source.setRoom(false);
  await source.waitFor(64);
  let before = -1;
  while (sentBytes !== before) {
    before = sentBytes;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(source.records.length).toBeLessThan(200);
  const stalled = sentBytes;
  source.setRoom(true);
  await source.waitFor(20_000);
  expect(sentBytes).toBeGreaterThan(stalled);
  await source.stop();
});

test('cancel ends a source that waits for data, and one that waits to retry', async () => {
  const port = await serve(() => {});
  const waiting = runSourceFunction(new SocketTextSource('127.0.0.1', port));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await waiting.stop();
  const retrying = runSourceFunction(new SocketTextSource('127.0.0.1', await freePort(), { maxRetrySeconds: 1000 }));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await retrying.stop();
});

test.each([
  [() => new SocketTextSource('', 1), 'hostname is "": give a text that is not empty'],
  [() => new SocketTextSource('h', 65_536), 'port is 65536: give a whole number of at least 1 and at most 65535'],
  [() => new SocketTextSource('h', 1, { delimiter: '' }), 'delimiter is "": give a text that is not empty'],
])('options are checked %#', (make, text) => {
  expect(make).toThrow(text);
});

test('a sink sends everything before it ends', async () => {
  let received = '';
  const ended = new Promise<void>((resolve) => {
    void serve((socket) => {
      socket.setEncoding('utf8').on('data', (chunk) => {
        received += chunk;
      });
      socket.on('end', resolve);
    }).then(async (port) => {
      const sink = new SocketSink<number>('127.0.0.1', port, (record) => `${record}\n`);
      await sink.open();
      for (let i = 0; i < 100_000; i++) await sink.invoke(i);
      await sink.finish();
      sink.close();
    });
  });
  await ended;
  expect(received).toBe(Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join(''));
});

test('a sink whose server hangs up fails, or connects again', async () => {
  const received: string[] = [];
  const port = await serve((socket, count) => {
    socket.setEncoding('utf8').on('data', (chunk) => received.push(`${count}:${chunk}`));
    if (count % 2 === 1) socket.end();
  });
  for (const maxRetries of [0, 5]) {
    const sink = new SocketSink<string>('127.0.0.1', port, (record) => record, { maxRetries, pause: noPause });
    await sink.open();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sent = Promise.resolve(sink.invoke('x'));
    if (maxRetries === 0)
      await expect(sent.then(() => sink.invoke('y'))).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    else await sent;
    sink.close();
    received.push(`after ${maxRetries}`);
  }
  await expect(new SocketSink('127.0.0.1', await freePort(), String).open()).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
  });
  void context;
});
