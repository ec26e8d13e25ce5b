// Ends requests whose body stops coming: a client may take long, but not pause for long.
import type { IncomingMessage } from 'node:http';
import { statusOfError } from '@yeoul/contract';
import { appError } from '@yeoul/engine';
import { refuseOnSocket } from './socket-refusal.ts';

export function refuseIdleBody(request: IncomingMessage, timeoutMs: number): void {
  const { socket, headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  // Requests that are injected have no socket of their own.
  if (!hasBody || typeof socket.setTimeout !== 'function') return;
  const refuse = () => {
    const error = appError('REQUEST_TIMEOUT', [`rest.idle-body-timeout-ms ${timeoutMs}`]);
    refuseOnSocket(socket, statusOfError(error), error.message);
  };
  socket.setTimeout(timeoutMs);
  request.once('timeout', refuse);
  const stop = () => {
    socket.setTimeout(0);
    request.off('timeout', refuse);
  };
  request.once('end', stop);
  request.once('close', stop);
}
