// Requests that come again, byte for byte: pages are polled, and reading the same text anew is most of what an answer from the page cache
// costs. Node reads each request once; what it made of the bytes is known then. Nothing is parsed here.
//   R1. Only bytes that Node once read as one whole request, and that the fast path then answered, are answered here.
//   R2. Only between two requests: all that the connection sent before were whole requests, each in a piece of its own, without a body and
//       without a wish for the connection, and all of them are answered. The first request of a connection is always read by Node, whose time limits begin with it.
//   R3. The guards and the page cache are asked again each time, with the headers that Node read.
//   R4. What is kept is bounded; a reader that does not keep up is left to Node, which waits for it.
import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { PageBytes } from './page-bytes.ts';
import type { CachedPage } from './page-cache.ts';

export interface ReadRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface RepeatedRequestsOptions {
  /** R3: the page, if the request may have it now. */
  readonly findPage: (request: ReadRequest) => CachedPage | undefined;
  /** No request of the connection waits for its answer. */
  readonly isAtRest: (socket: Socket) => boolean;
  readonly nowMs: () => number;
}

const MAX_REQUESTS = 1000;
/** Browsers send about 600 bytes. */
const MAX_REQUEST_BYTES = 2048;
const BLANK_LINE = '\r\n\r\n';

/** What is known of a connection while a piece of what it sent is read. */
interface Connection {
  /** R2; never again true once it is not. */
  isOrderly: boolean;
  /** R2. */
  hasBegun: boolean;
  /** Requests that Node found in the piece that is being read. */
  requests: number;
  /** The only one of them, if it may be kept. */
  answered: ReadRequest | undefined;
}

export class RepeatedRequests {
  readonly #options: RepeatedRequestsOptions;
  readonly #connections = new WeakMap<Socket, Connection>();
  /** By their bytes. */
  readonly #known = new Map<string, ReadRequest>();
  readonly #bytes: PageBytes;

  /** Before listeners are added that answer requests. */
  constructor(server: Server, isTls: boolean, options: RepeatedRequestsOptions) {
    this.#options = options;
    this.#bytes = new PageBytes(server.keepAliveTimeout, options.nowMs);
    server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => this.#watch(socket));
    server.prependListener('request', (request) => this.#onRequest(request));
  }

  /** The fast path has answered it. */
  keep({ socket, url = '', headers, httpVersion }: IncomingMessage): void {
    const connection = this.#connections.get(socket);
    if (connection !== undefined && httpVersion === '1.1') connection.answered = { url, headers };
  }

  #watch(socket: Socket): void {
    const connection: Connection = { isOrderly: true, hasBegun: false, requests: 0, answered: undefined };
    this.#connections.set(socket, connection);
    // With somebody else listening, Node reads connections through their streams; otherwise past them.
    socket.on('data', () => undefined);
    const passOn = socket.push;
    socket.push = (piece: Buffer | null, encoding) => {
      if (piece === null || !connection.isOrderly) return passOn.call(socket, piece, encoding);
      if (connection.hasBegun && this.#answer(socket, piece)) return true;
      connection.requests = 0;
      connection.answered = undefined;
      const goesOn = passOn.call(socket, piece, encoding);
      this.#learn(connection, piece);
      return goesOn;
    };
  }

  #onRequest({ socket, headers }: IncomingMessage): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    connection.requests += 1;
    connection.isOrderly &&= isWhole(headers);
  }

  /** R2: a piece that ended with one request was that request. */
  #learn(connection: Connection, piece: Buffer): void {
    const { answered, requests } = connection;
    connection.isOrderly &&= requests === 1 && endsWithBlankLine(piece);
    connection.hasBegun = true;
    if (!connection.isOrderly || answered === undefined || piece.length > MAX_REQUEST_BYTES) return;
    if (this.#known.size >= MAX_REQUESTS) this.#known.clear();
    this.#known.set(piece.toString('latin1'), answered);
  }

  #answer(socket: Socket, piece: Buffer): boolean {
    if (piece.length > MAX_REQUEST_BYTES || socket.writableNeedDrain || !socket.writable) return false;
    const request = this.#known.get(piece.toString('latin1'));
    if (request === undefined || !this.#options.isAtRest(socket)) return false;
    const page = this.#options.findPage(request);
    if (page === undefined) return false;
    socket.write(this.#bytes.of(page));
    return true;
  }
}

/** Nothing belongs to it that comes after its headers, and the connection goes on as before: what asks to upgrade leaves Node's parser in between. */
function isWhole(headers: IncomingHttpHeaders): boolean {
  return (
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.upgrade === undefined &&
    (headers.connection === undefined || headers.connection.toLowerCase() === 'keep-alive')
  );
}

function endsWithBlankLine(piece: Buffer): boolean {
  return piece.toString('latin1', Math.max(0, piece.length - BLANK_LINE.length)) === BLANK_LINE;
}
