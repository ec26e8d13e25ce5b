// Refusals of what never became a request: malformed, too large or too slow; written to the connection itself, which ends with it.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { statusOfError, toWireError } from '@yeoul/contract';
import { type AppError, appError } from '@yeoul/engine';
import type { HttpLimits } from './http-limits.ts';

/** How long a refused client has to take its answer. */
const LINGER_MS = 1000;

export function refuseOnSocket(socket: Socket, status: number, message: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(toWireError([message]));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.on('error', () => undefined);
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  // A connection with unread bytes is reset when it is closed, and the answer may be lost with it.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** For the server's "clientError". */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, limits: HttpLimits): void {
  // It went away, or it does not speak TLS.
  if (error.code === 'ECONNRESET' || error.code?.startsWith('ERR_SSL') === true || socket.destroyed) {
    socket.destroy();
    return;
  }
  const known = toKnown(error.code, limits);
  if (known !== undefined) refuseOnSocket(socket, statusOfError(known), known.message);
  else refuseOnSocket(socket, 400, `Bad request: this is not HTTP/1.1 (${error.code ?? error.message}).`);
}

function toKnown(code: string | undefined, limits: HttpLimits): AppError | undefined {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return appError('HEADERS_TOO_LARGE', [limits.maxHeaderBytes]);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return appError('REQUEST_TIMEOUT', [
        `rest.header-timeout-ms ${limits.headerTimeoutMs}, rest.request-timeout-ms ${limits.requestTimeoutMs}`,
      ]);
    default:
      return undefined;
  }
}
