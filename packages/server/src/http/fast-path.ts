// Sends cached pages before the framework sees the request. It only ever says yes: whatever is not plainly allowed goes the long way, whose
// guards refuse it with their own words.
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CachedPage, PageCache } from './page-cache.ts';
import { type ReadRequest, RepeatedRequests } from './repeated-requests.ts';
import { JSON_TYPE } from './write-answer.ts';

export interface FastPathOptions {
  readonly pages: PageCache;
  /** G2: host, origin, token, and whether the server still answers. */
  readonly isAllowed: (request: Pick<IncomingMessage, 'headers'>) => boolean;
  /** No request of the connection waits for its answer. */
  readonly isAtRest: (socket: Socket) => boolean;
  readonly isTls: boolean;
}

/** Before other listeners than the framework's are added. */
export function addFastPath(server: Server, { pages, isAllowed, isAtRest, isTls }: FastPathOptions): void {
  const findPage = (request: ReadRequest) => {
    const page = pages.find(request.url);
    return page !== undefined && isPlain(request.headers) && isAllowed(request) ? page : undefined;
  };
  const slow = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  const repeated = new RepeatedRequests(server, isTls, { findPage, isAtRest, nowMs: () => pages.nowMs() });
  server.on('request', (request, response) => {
    const { method, url = '', headers } = request;
    const page = method === 'GET' ? findPage({ url, headers }) : undefined;
    if (page === undefined) for (const listener of slow) listener.call(server, request, response);
    else {
      sendPage(response, page);
      repeated.keep(request);
    }
  });
}

/** Without a body, which would have to be read and checked. */
function isPlain(headers: IncomingHttpHeaders): boolean {
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
