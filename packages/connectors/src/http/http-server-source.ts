// Listens on a port; what is posted to it are the records. A request is answered when the job has taken all of its records, so a slow
// job slows its senders; that they are in a checkpoint, too, is not said: at most once after a failure.
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { appError, type SourceContext, type SourceFunction } from '@yeoul/engine';
import { collectAll } from '../collect-all.ts';
import { checkInteger } from '../options.ts';
import { type BodyParser, resolveBodyParser } from './body-format.ts';

export interface HttpServerSourceOptions<T> {
  /** 0: any free port, see onListening. */
  readonly port: number;
  /** Default 127.0.0.1. Any other address needs a token. */
  readonly host?: string | undefined;
  /** Senders must give it: "Authorization: Bearer TOKEN". */
  readonly token?: string | undefined;
  /** Default "/". */
  readonly path?: string | undefined;
  /** Default "json". */
  readonly format?: BodyParser<T> | undefined;
  /** Default 8 MiB; more is answered with 413. */
  readonly maxBodyBytes?: number | undefined;
  /** Requests in progress; one more is answered with 429. Default 64. */
  readonly maxConcurrentRequests?: number | undefined;
  readonly onListening?: ((address: AddressInfo) => void) | undefined;
}

const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;
const DEFAULT_MAX_CONCURRENT_REQUESTS = 64;

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class HttpServerSource<T> implements SourceFunction<T> {
  readonly #options: HttpServerSourceOptions<T>;
  readonly #host: string;
  readonly #path: string;
  readonly #parse: (body: string) => readonly T[];
  readonly #maxBodyBytes: number;
  readonly #maxConcurrentRequests: number;
  #server: Server | undefined;
  #inProgress = 0;

  constructor(options: HttpServerSourceOptions<T>) {
    const { host = '127.0.0.1', maxConcurrentRequests = DEFAULT_MAX_CONCURRENT_REQUESTS } = options;
    checkInteger('port', options.port, 0, 65_535);
    if (!isLoopback(host) && !options.token) throw appError('LISTEN_UNPROTECTED', [host]);
    this.#options = options;
    this.#host = host;
    this.#path = options.path ?? '/';
    this.#parse = resolveBodyParser(options.format ?? 'json');
    this.#maxBodyBytes = checkInteger('maxBodyBytes', options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES, 1);
    this.#maxConcurrentRequests = checkInteger('maxConcurrentRequests', maxConcurrentRequests, 1);
  }

  async run(context: SourceContext<T>): Promise<void> {
    const server = createServer((request, response) => void this.#answer(context, request, response));
    this.#server = server;
    const closed = new Promise<void>((resolve) => server.once('close', resolve));
    await this.#listen(server);
    this.#options.onListening?.(server.address() as AddressInfo);
    if (context.isRunning()) await closed;
    else this.cancel();
  }

  cancel(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  close(): void {
    this.cancel();
  }

  #listen(server: Server): Promise<void> {
    const { port } = this.#options;
    return new Promise((resolve, reject) => {
      server.once('error', (error) => {
        const code = (error as { code?: string }).code ?? error.message;
        reject(appError('LISTEN_FAILED', [`${this.#host}:${port}`, code], { cause: error }));
      });
      server.listen(port, this.#host, resolve);
    });
  }

  async #answer(context: SourceContext<T>, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#inProgress += 1;
    try {
      this.#check(request);
      const records = this.#records(await this.#readBody(request));
      if (!(await collectAll(context, records))) throw new Refusal(503, 'The job is ending');
      reply(response, 200, { accepted: records.length });
    } catch (error) {
      if (error instanceof Refusal) reply(response, error.status, { errors: [error.message] });
      else response.destroy();
    } finally {
      this.#inProgress -= 1;
    }
  }

  #check(request: IncomingMessage): void {
    const { host = '', origin, authorization = '' } = request.headers;
    // Pages of foreign sites can post to this machine, with a name that leads here: neither is let in.
    if (origin !== undefined) throw new Refusal(403, `Requests from web pages (Origin ${origin}) are refused`);
    if (isLoopback(this.#host) && !isLoopback(host.replace(/:\d+$/, '')))
      throw new Refusal(403, `Host ${host} is refused`);
    if (!this.#isAuthorized(authorization)) throw new Refusal(401, 'Send "Authorization: Bearer TOKEN"');
    if (request.url !== this.#path) throw new Refusal(404, `Post to ${this.#path}`);
    if (request.method !== 'POST') throw new Refusal(405, 'Use POST');
    if (this.#inProgress > this.#maxConcurrentRequests) {
      throw new Refusal(
        429,
        `${this.#maxConcurrentRequests} requests are in progress (maxConcurrentRequests): try again later`,
      );
    }
  }

  #isAuthorized(authorization: string): boolean {
    const { token } = this.#options;
    if (token === undefined) return true;
    const given = Buffer.from(authorization);
    const expected = Buffer.from(`Bearer ${token}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  async #readBody(request: IncomingMessage): Promise<string> {
    const limit = `The body is larger than ${this.#maxBodyBytes} bytes (maxBodyBytes): send less per request`;
    if (Number(request.headers['content-length'] ?? 0) > this.#maxBodyBytes) throw new Refusal(413, limit);
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of request) {
      sizeBytes += (chunk as Buffer).length;
      if (sizeBytes > this.#maxBodyBytes) throw new Refusal(413, limit);
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #records(body: string): readonly T[] {
    try {
      return this.#parse(body);
    } catch (error) {
      throw new Refusal(400, `The body cannot be parsed: ${(error as Error).message}`);
    }
  }
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1' || host === '[::1]') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** A refused request may still be sending: its connection is not used again. */
function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  const headers = { 'content-type': 'application/json', ...(status === 429 ? { 'retry-after': '1' } : {}) };
  response.writeHead(status, status < 300 ? headers : { ...headers, connection: 'close' });
  response.end(`${JSON.stringify(body)}\n`);
}
