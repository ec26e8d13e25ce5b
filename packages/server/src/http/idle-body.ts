// Ends requests whose body stops coming: a client may take long, but not pause for long.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { statusOfError } from '@yeoul/contract';
import { appError } from '@yeoul/engine';
import { refuseOnSocket } from './socket-refusal.ts';

export function refuseIdleBody(request: IncomingMessage, response: ServerResponse, timeoutMs: number): void {
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
  request.once('end', () => {
    request.off('timeout', refuse);
    // Once the answer is out, the time that is set is that of a connection without requests.
    if (!response.writableFinished) socket.setTimeout(0);
  });
}
