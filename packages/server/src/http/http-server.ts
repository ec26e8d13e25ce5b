// The HTTP server: every route plain and under /v1, Flink's answers to what is no route, and the guards before all of it.
//   H1. Every refusal is {"errors": [...]} with a status; nothing else ends a request.
//   H2. A request of a foreign Host or Origin reaches no handler.
//   H3. No body above its limit is read to the end.
import { describeBadBody } from '@yeoul/contract';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { findForeignOrigin, LOOPBACK_HOSTS, type OriginGuardOptions } from './origin-guard.ts';
import { readRequest } from './read-request.ts';
import type { Route, RouteGroup } from './route.ts';
import { sendAnswer, sendErrors, sendFailure } from './write-answer.ts';

export interface HttpServerOptions {
  readonly groups: readonly RouteGroup[];
  /** Host names beside the loopback ones. */
  readonly allowedHosts?: readonly string[];
  /** Origins beside the server's own. */
  readonly allowedOrigins?: readonly string[];
  /** Of JSON bodies; uploads have a limit of their own. Default 8 MiB. */
  readonly maxBodyBytes?: number;
  readonly onClose?: () => void;
}

/** Far more than any program's arguments take. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** File names of jars are the longest: 255 and a UUID. */
const MAX_PARAMETER_LENGTH = 512;
/** A request that is still arriving after this long is dropped; uploads over slow lines fit. */
const REQUEST_TIMEOUT_MS = 300_000;

/** Not listening yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: options.maxBodyBytes ?? MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: MAX_PARAMETER_LENGTH,
    },
    frameworkErrors: (error, _request, reply) => {
      sendFailure(reply as unknown as FastifyReply, error);
    },
  });
  guard(app, {
    allowedHosts: new Set([...LOOPBACK_HOSTS, ...(options.allowedHosts ?? [])].map((host) => host.toLowerCase())),
    allowedOrigins: new Set(options.allowedOrigins ?? []),
  });
  readAnyBody(app);
  app.setErrorHandler((error, _request, reply) => sendFailure(reply, error));
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onClose', async () => options.onClose?.());
  for (const group of options.groups) await app.register((scope) => serveGroup(scope, group));
  await app.ready();
  return app;
}

function guard(app: FastifyInstance, options: OriginGuardOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    const refusal = findForeignOrigin(request.headers, options);
    return refusal === undefined ? undefined : sendErrors(reply, 403, refusal);
  });
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

async function serveGroup(scope: FastifyInstance, { routes, setUp }: RouteGroup): Promise<void> {
  await setUp?.(scope);
  for (const route of routes) {
    for (const prefix of ['', '/v1']) serveRoute(scope, prefix, route);
  }
}

function serveRoute(scope: FastifyInstance, prefix: string, { endpoint, handle }: Route): void {
  scope.route({
    method: endpoint.method,
    url: `${prefix}${endpoint.path}`,
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
      const answer = await handle({ ...readRequest(endpoint, request), baseUrl: baseUrlOf(request), raw: request });
      return sendAnswer(reply, endpoint.status, answer);
    },
  });
}

/** @see Apache Flink 1.9: GET falls through to the dashboard's files, everything else to the router's own answer. */
function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.method !== 'GET') return sendErrors(reply, 404, 'Not found.');
  const path = request.url.split('?', 1)[0];
  return sendErrors(reply, 404, `Unable to load requested file ${path}.`);
}

function isMultipart(contentType: string): boolean {
  return contentType.toLowerCase().startsWith('multipart/form-data');
}

function baseUrlOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}`;
}
