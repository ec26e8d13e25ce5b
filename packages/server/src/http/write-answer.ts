// Answers on the wire: JSON as Flink writes it, errors in Flink's form.
import { RestError, statusOfError, toInternalWireError, toWireError } from '@yeoul/contract';
import { AppError } from '@yeoul/engine';
import type { FastifyReply } from 'fastify';
import { toJson } from './json.ts';
import { FileAnswer, TextFile } from './route.ts';

export const JSON_TYPE = 'application/json; charset=UTF-8';
const TEXT_TYPE = 'text/plain; charset=UTF-8';

export function sendAnswer(reply: FastifyReply, status: number, answer: unknown): FastifyReply {
  if (answer instanceof TextFile) return toText(reply, status).send(answer.text);
  if (answer instanceof FileAnswer) return sendFile(toText(reply, status), answer);
  return sendJson(reply, status, toJson(answer));
}

export function sendJson(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type(JSON_TYPE).send(text);
}

/** A log may hold what looks like a page. */
function toText(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).type(TEXT_TYPE).header('x-content-type-options', 'nosniff');
}

/** In pieces, at the pace of who reads it. */
function sendFile(reply: FastifyReply, { handle, sizeBytes }: FileAnswer): FastifyReply {
  if (sizeBytes > 0) {
    const stream = handle.createReadStream({ start: 0, end: sizeBytes - 1 });
    return reply.header('content-length', sizeBytes).send(stream);
  }
  void handle.close();
  return reply.send('');
}

export function sendErrors(reply: FastifyReply, status: number, ...messages: readonly string[]): FastifyReply {
  return sendAnswer(reply, status, toWireError(messages));
}

/** Any failure, once, at the edge. */
export function sendFailure(reply: FastifyReply, thrown: unknown): FastifyReply {
  if (thrown instanceof RestError) return sendErrors(reply, thrown.status, thrown.message);
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (isCatalogued(error)) {
    const status = statusOfError(error);
    if (status === 429 || status === 503) reply.header('retry-after', secondsToWait(error));
    return sendErrors(reply, status, error.message);
  }
  const status = statusOfFramework(error);
  if (status !== undefined) return sendErrors(reply, status, error.message);
  return sendAnswer(reply, 500, toInternalWireError(error.stack ?? error.message));
}

function isCatalogued(error: Error): error is Error & { code: string; domain: string } {
  return 'code' in error && 'domain' in error && typeof error.code === 'string' && typeof error.domain === 'string';
}

/** What the error says, or a moment. */
function secondsToWait(error: Error): number {
  const seconds = error instanceof AppError && error.code === 'SUBMISSION_LIMIT' ? error.args[1] : undefined;
  return typeof seconds === 'number' ? seconds : 1;
}

/** Refusals of the HTTP framework itself: a body above the limit, a malformed address. */
function statusOfFramework(error: Error): number | undefined {
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
