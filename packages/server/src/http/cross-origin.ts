// Lets pages of the allowed origins read answers, and ask with methods and headers that a browser asks about first.
// @see https://fetch.spec.whatwg.org/#http-cors-protocol
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OriginGuardOptions } from './origin-guard.ts';

/** How long a browser remembers the answer to its question, seconds. */
const PREFLIGHT_AGE_SECONDS = 600;

/** @returns true when the request was a browser's question, and is answered */
export function answerCrossOrigin(
  { headers, method }: FastifyRequest,
  reply: FastifyReply,
  { allowedOrigins }: Pick<OriginGuardOptions, 'allowedOrigins'>,
): boolean {
  const { origin } = headers;
  if (origin === undefined || !allowedOrigins.has(origin)) return false;
  reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
  const isQuestion = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  if (!isQuestion) return false;
  void reply
    .code(204)
    .header('access-control-allow-methods', 'GET, POST, PATCH, DELETE')
    .header('access-control-allow-headers', 'Authorization, Content-Type, Last-Event-ID')
    .header('access-control-max-age', PREFLIGHT_AGE_SECONDS)
    .send();
  return true;
}
