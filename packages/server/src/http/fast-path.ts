// Sends cached pages before the framework sees the request. It only ever says yes: whatever is not plainly allowed goes the long way, whose
// guards refuse it with their own words.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { CachedPage, PageCache } from './page-cache.ts';
import { JSON_TYPE } from './write-answer.ts';

export interface FastPathOptions {
  readonly pages: PageCache;
  /** G2: host, origin, token, and whether the server still answers. */
  readonly isAllowed: (request: IncomingMessage) => boolean;
}

/** Before other listeners than the framework's are added. */
export function addFastPath(server: Server, { pages, isAllowed }: FastPathOptions): void {
  const slow = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const page = request.method === 'GET' ? pages.find(request.url ?? '') : undefined;
    if (page !== undefined && isPlain(request) && isAllowed(request)) sendPage(response, page);
    else for (const listener of slow) listener.call(server, request, response);
  });
}

/** Without a body, which would have to be read and checked. */
function isPlain({ headers }: IncomingMessage): boolean {
  return (
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers['content-type'] === undefined &&
    headers.origin === undefined
  );
}

function sendPage(response: ServerResponse, { body, encoding, sizeBytes }: CachedPage): void {
  response.writeHead(200, ['content-type', JSON_TYPE, 'content-length', String(sizeBytes)]);
  response.end(body, encoding);
}
