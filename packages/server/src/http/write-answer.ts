// Answers on the wire: JSON as Flink writes it, errors in Flink's form.
import { RestError, statusOfError, toInternalWireError, toWireError } from '@yeoul/contract';
import type { FastifyReply } from 'fastify';
import { toJson } from './json.ts';
import { TextFile } from './route.ts';

const JSON_TYPE = 'application/json; charset=UTF-8';
const TEXT_TYPE = 'text/plain; charset=UTF-8';

export function sendAnswer(reply: FastifyReply, status: number, answer: unknown): FastifyReply {
  if (answer instanceof TextFile) return reply.code(status).type(TEXT_TYPE).send(answer.text);
  return reply.code(status).type(JSON_TYPE).send(toJson(answer));
}

export function sendErrors(reply: FastifyReply, status: number, ...messages: readonly string[]): FastifyReply {
  return sendAnswer(reply, status, toWireError(messages));
}

/** Any failure, once, at the edge. */
export function sendFailure(reply: FastifyReply, thrown: unknown): FastifyReply {
  if (thrown instanceof RestError) return sendErrors(reply, thrown.status, thrown.message);
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (isCatalogued(error)) return sendErrors(reply, statusOfError(error), error.message);
  const status = statusOfFramework(error);
  if (status !== undefined) return sendErrors(reply, status, error.message);
  return sendAnswer(reply, 500, toInternalWireError(error.stack ?? error.message));
}

function isCatalogued(error: Error): error is Error & { code: string; domain: string } {
  return 'code' in error && 'domain' in error && typeof error.code === 'string' && typeof error.domain === 'string';
}

/** Refusals of the HTTP framework itself: a body above the limit, a malformed address. */
function statusOfFramework(error: Error): number | undefined {
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
