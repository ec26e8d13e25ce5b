// The HTTP server: every route plain and under /v1, Flink's answers to what is no route, and the guards before all of it.
//   H1. Every refusal is {"errors": [...]} with a status; nothing else ends a request.
//   H2. A request of a foreign Host or Origin reaches no handler; where tokens are needed, neither does one whose token does not suffice.
//   H3. No body above its limit is kept in memory or on disk.
//   H4. Nothing that a client does holds a connection for ever.
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { describeBadBody } from '@yeoul/contract';
import { appError } from '@yeoul/engine';
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
} from 'fastify';
import { type AccessRefusal, findAccessRefusal, TICKET_REFUSAL } from '../security/access-guard.ts';
import type { EventTickets } from '../security/event-tickets.ts';
import type { TlsIdentity } from '../security/read-tls-identity.ts';
import { Role, roleFor } from '../security/role.ts';
import type { TokenHolder, Tokens } from '../security/tokens.ts';
import { isCachedEndpoint } from './cached-endpoints.ts';
import { Connections } from './connections.ts';
import { answerCrossOrigin } from './cross-origin.ts';
import { EventStream, EventStreams } from './event-streams.ts';
import { addFastPath } from './fast-path.ts';
import { defaultHttpLimits, type HttpLimits } from './http-limits.ts';
import { refuseIdleBody } from './idle-body.ts';
import { toJson } from './json.ts';
import { findForeignOrigin, LOOPBACK_HOSTS, type OriginGuardOptions } from './origin-guard.ts';
import { PageCache, type PageCacheOptions } from './page-cache.ts';
import { readRequest } from './read-request.ts';
import type { Route, RouteGroup } from './route.ts';
import { answerClientError, refuseOnSocket } from './socket-refusal.ts';
import { sendAnswer, sendErrors, sendFailure, sendJson } from './write-answer.ts';

export interface HttpServerOptions {
  readonly groups: readonly RouteGroup[];
  /** Host names beside the loopback ones. */
  readonly allowedHosts?: readonly string[];
  /** Hosts that are addresses pass, too. Default false. */
  readonly allowsAddresses?: boolean;
  /** Origins beside the server's own; pages of these may ask from a browser. */
  readonly allowedOrigins?: readonly string[];
  /** Without them every request may do everything. */
  readonly tokens?: Tokens | undefined;
  /** In place of tokens, for streams of events. */
  readonly tickets?: EventTickets | undefined;
  readonly tls?: TlsIdentity | undefined;
  readonly limits?: Partial<HttpLimits>;
  /** Keeps answers of pages for a moment; without it every request is answered anew. */
  readonly pages?: PageCacheOptions | undefined;
  readonly onClose?: () => void;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Undefined: nobody is asked for a token. */
    role?: Role | undefined;
    isPublic?: boolean;
    takesTicket?: boolean;
  }
  interface FastifyRequest {
    /** Whose token let it through; undefined: nobody's was needed. */
    holder: TokenHolder | undefined;
  }
}

/** File names of jars are the longest: 255 and a UUID. */
const MAX_PARAMETER_LENGTH = 512;
/** How often slow requests are looked for. */
const CONNECTIONS_CHECK_MS = 2000;

/** Not listening yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const limits: HttpLimits = { ...defaultHttpLimits, ...options.limits };
  const app = openFramework(limits, options.tls);
  const pages = options.pages && new PageCache(options.pages);
  const streams = new EventStreams(limits.maxEventStreams);
  const origins = toOriginGuard(options);
  const isTls = options.tls !== undefined;
  const isAtRest = (socket: Socket) => connections.isAtRest(socket);
  const isAllowed = ({ headers }: Pick<IncomingMessage, 'headers'>) =>
    !connections.isDraining &&
    headers.host !== undefined &&
    findForeignOrigin(headers, origins) === undefined &&
    (options.tokens === undefined ||
      findAccessRefusal(options.tokens.identify(headers.authorization), Role.Viewer) === undefined);
  if (pages !== undefined) addFastPath(app.server, { pages, isAllowed, isAtRest, isTls });
  const connections = new Connections(app.server, limits, isTls);
  refuseOddities(app.server);
  const { tokens, tickets } = options;
  app.decorateRequest('holder', undefined);
  guard(app, { origins, tokens, tickets, limits, connections });
  const forgetTokens = tokens?.onChange(() => streams.endRevoked((holder) => tokens.isKnown(holder)));
  readAnyBody(app);
  app.setErrorHandler((error, _request, reply) => sendFailure(reply, toNamedLimit(error, limits)));
  app.setNotFoundHandler(answerNotFound);
  app.addHook('preClose', async () => {
    streams.close();
    connections.drain();
  });
  app.addHook('onClose', async () => {
    connections.close();
    forgetTokens?.();
    options.onClose?.();
  });
  for (const group of options.groups)
    await app.register((scope) => serveGroup(scope, group, { pages, streams, tokens }));
  await app.ready();
  return app;
}

function openFramework(limits: HttpLimits, tls: TlsIdentity | undefined): FastifyInstance {
  const node = {
    maxHeaderSize: limits.maxHeaderBytes,
    connectionsCheckingInterval: Math.min(CONNECTIONS_CHECK_MS, limits.headerTimeoutMs, limits.requestTimeoutMs),
    // The guard says what is missing.
    requireHostHeader: false,
    // Two hosts, origins or tokens are none: who stands between may have looked at the other one.
    joinDuplicateHeaders: true,
  };
  const options: FastifyServerOptions = {
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas } },
    // Connections are ended by `Connections`, with an answer for what is under way.
    forceCloseConnections: false,
    return503OnClosing: false,
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: MAX_PARAMETER_LENGTH,
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, limits),
    frameworkErrors: (error, _request, reply) => {
      sendFailure(reply as unknown as FastifyReply, error);
    },
  };
  const app =
    tls === undefined
      ? fastify({ ...options, http: node })
      : // The same to every user of it; only the type of its server differs.
        (fastify({
          ...(options as object),
          https: { ...node, ...tls, minVersion: 'TLSv1.2' },
        }) as unknown as FastifyInstance);
  app.server.headersTimeout = limits.headerTimeoutMs;
  return app;
}

/** Routes are checked by the contract; the framework's own compilers take 100 ms of CPU to load, and have nothing to do. */
function refuseSchemas(): never {
  throw new Error('Routes have no schemas of the framework: the contract has them');
}

/** What the framework never sees, and Node would end without a word. */
function refuseOddities(server: Server): void {
  server.on('connect', (_request, socket) => refuseOnSocket(socket as Socket, 404, 'Not found.'));
  server.on('checkExpectation', ({ headers, socket }) => {
    refuseOnSocket(socket, 417, `Expectation "${headers.expect}" cannot be met: leave the header out.`);
  });
}

function toOriginGuard({
  allowedHosts = [],
  allowedOrigins = [],
  allowsAddresses = false,
}: HttpServerOptions): OriginGuardOptions {
  return {
    allowedHosts: new Set([...LOOPBACK_HOSTS, ...allowedHosts].map((host) => host.toLowerCase())),
    allowedOrigins: new Set(allowedOrigins),
    allowsAddresses,
  };
}

interface Guards {
  readonly origins: OriginGuardOptions;
  readonly tokens: Tokens | undefined;
  readonly tickets: EventTickets | undefined;
  readonly limits: HttpLimits;
  readonly connections: Connections;
}

function guard(app: FastifyInstance, guards: Guards): void {
  const { origins, tokens, tickets, limits, connections } = guards;
  app.addHook('onRequest', async (request, reply) => {
    refuseIdleBody(request.raw, reply.raw, limits.idleBodyTimeoutMs);
    if (connections.isDraining) throw appError('SERVER_CLOSING');
    if (request.url.length > limits.maxUrlLength) {
      throw appError('URL_TOO_LONG', [request.url.length, limits.maxUrlLength]);
    }
    if (request.headers.host === undefined) return sendErrors(reply, 400, 'Bad request: the Host header is missing.');
    const foreign = findForeignOrigin(request.headers, origins);
    if (foreign !== undefined) return sendErrors(reply, 403, foreign);
    if (answerCrossOrigin(request, reply, origins)) return reply;
    if (tokens === undefined) return undefined;
    const refusal = findRefusal(request, tokens, tickets);
    return refusal === undefined ? undefined : sendAccessRefusal(reply, refusal);
  });
}

/** What is no route needs a token as well: nobody without one learns what there is. */
function findRefusal(
  request: FastifyRequest,
  tokens: Tokens,
  tickets: EventTickets | undefined,
): AccessRefusal | undefined {
  const { authorization } = request.headers;
  const { role = Role.Viewer, isPublic = false, takesTicket = false } = request.routeOptions.config;
  if (isPublic) return undefined;
  const { ticket } = request.query as { readonly ticket?: unknown };
  if (takesTicket && authorization === undefined && tickets !== undefined && typeof ticket === 'string') {
    const { jobid = '' } = request.params as { readonly jobid?: string };
    request.holder = tickets.redeem(ticket, jobid, tokens);
    return request.holder === undefined ? TICKET_REFUSAL : undefined;
  }
  const identified = tokens.identify(authorization);
  if (identified.kind === 'role') request.holder = identified.holder;
  return findAccessRefusal(identified, role);
}

function sendAccessRefusal(reply: FastifyReply, refusal: AccessRefusal): FastifyReply {
  return sendErrors(reply.header('www-authenticate', refusal.challenge), refusal.status, refusal.message);
}

/** Bodies are bytes whatever their content type says, with GET too; as in Flink, only multipart is told apart. */
function readAnyBody(app: FastifyInstance): void {
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async ({ headers }) => {
    const type = headers['content-type'];
    if (type !== undefined && !isMultipart(type)) headers['content-type'] = 'application/json';
  });
}

async function serveGroup(
  scope: FastifyInstance,
  { routes, setUp, isPublic = false }: RouteGroup,
  services: RouteServices,
): Promise<void> {
  await setUp?.(scope);
  for (const route of routes) {
    for (const prefix of ['', '/v1']) serveRoute(scope, prefix, route, isPublic, services);
  }
}

interface RouteServices {
  readonly pages: PageCache | undefined;
  readonly streams: EventStreams;
  readonly tokens: Tokens | undefined;
}

function serveRoute(
  scope: FastifyInstance,
  prefix: string,
  { endpoint, handle }: Route,
  isPublic: boolean,
  services: RouteServices,
): void {
  const { streams, tokens } = services;
  const pages = isCachedEndpoint(endpoint) ? services.pages : undefined;
  scope.route({
    method: endpoint.method,
    url: `${prefix}${endpoint.path}`,
    config: { role: roleFor(endpoint), isPublic, takesTicket: endpoint.kind === 'events' },
    // Before the body is read: multipart is not ours to buffer.
    onRequest: async (request, reply) => {
      if (endpoint.kind === 'upload' || !isMultipart(request.headers['content-type'] ?? '')) return undefined;
      return sendErrors(
        reply,
        400,
        endpoint.method === 'GET' ? describeBadBody('EmptyRequestBody') : 'File uploads not allowed.',
      );
    },
    handler: async (request, reply) => {
      const revision = pages?.revision() ?? 0;
      const answer = await handle({ ...readRequest(endpoint, request), baseUrl: baseUrlOf(request), raw: request });
      if (answer instanceof EventStream) {
        const { holder } = request;
        // Revoked since it came.
        if (holder !== undefined && tokens?.isKnown(holder) === false) return sendAccessRefusal(reply, TICKET_REFUSAL);
        return streams.send(reply, answer, holder);
      }
      if (pages === undefined) return sendAnswer(reply, endpoint.status, answer);
      const text = toJson(answer);
      pages.keep(request.url, text, revision);
      return sendJson(reply, endpoint.status, text);
    },
  });
}

/** @see Apache Flink 1.9: GET falls through to the dashboard's files, everything else to the router's own answer. */
function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.method !== 'GET') return sendErrors(reply, 404, 'Not found.');
  const path = request.url.split('?', 1)[0];
  return sendErrors(reply, 404, `Unable to load requested file ${path}.`);
}

/** The framework's message has no limit in it. */
function toNamedLimit(error: unknown, limits: HttpLimits): unknown {
  const isTooLarge = error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
  return isTooLarge ? appError('BODY_TOO_LARGE', [limits.maxBodyBytes], { cause: error }) : error;
}

function isMultipart(contentType: string): boolean {
  return contentType.toLowerCase().startsWith('multipart/form-data');
}

function baseUrlOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}`;
}
