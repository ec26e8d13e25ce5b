import { jobEndpoints } from '@yeoul/contract';
import { expect, test } from 'vitest';
import { type EventReader, EventStream } from '../../src/http/event-streams.ts';
import { createHttpServer } from '../../src/http/http-server.ts';
import { route } from '../../src/http/route.ts';
import { open } from '../support/raw-request.ts';

test('a reader that does not read is cut off, and its subscription ends', async () => {
  let reader: EventReader | undefined;
  let isStopped = false;
  const stream = new EventStream((given) => {
    reader = given;
    return () => {
      isStopped = true;
    };
  });
  const app = await createHttpServer({ groups: [{ routes: [route(jobEndpoints.getJobEvents, () => stream)] }] });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = await open(url);
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`GET /jobs/${'a'.repeat(32)}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await expect.poll(() => reader !== undefined).toBe(true);
  const data = JSON.stringify('x'.repeat(256 * 1024));
  for (let i = 0; i < 200 && !isStopped; i++) {
    reader?.send({ id: String(i), type: 'job', data });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(isStopped).toBe(true);
  socket.destroy();
  await app.close();
});
