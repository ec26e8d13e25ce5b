// An upload: multipart with exactly one file, whatever its part is called. Wording and order of the refusals are Flink's.
import type { MultipartFile } from '@fastify/multipart';
import { describeBadBody, RestError, restError } from '@yeoul/contract';
import { AppError, appError } from '@yeoul/engine';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { jarLimitNames } from './jar-limits.ts';
import { isJarName, toJarName } from './jar-name.ts';
import type { IncomingJar, JarStore, StoredJar } from './jar-store.ts';

/** Parts looked at; more is no upload of one file. */
const MAX_PARTS = 20;

/** In the scope of the routes, for their uploads alone. */
export async function addMultipart(scope: FastifyInstance, store: JarStore): Promise<void> {
  const { default: multipart } = await import('@fastify/multipart');
  await scope.register(multipart, {
    throwFileSizeLimit: false,
    limits: { fileSize: store.limits.maxJarBytes, parts: MAX_PARTS, fieldSize: 1024, headerPairs: 100 },
  });
}

/** @throws RestError, and what JarStore.accept throws; nothing is left behind then */
export async function receiveJar(request: FastifyRequest, store: JarStore): Promise<StoredJar> {
  if (!request.isMultipart()) throw noMultipart(request.body);
  refuseTooLarge(Number(request.headers['content-length'] ?? 0), store);
  const received: ReceivedFile[] = [];
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') throw restError(400, `Received unknown attribute ${part.fieldname}.`);
      received.push(await receiveFile(part, received.length === 0, store));
    }
    return await keepOnly(received, store);
  } catch (error) {
    drain(request);
    throw toRefusal(error);
  } finally {
    for (const { incoming } of received) if (incoming !== undefined) await store.discard(incoming);
  }
}

interface ReceivedFile {
  readonly name: string | undefined;
  /** Undefined: not kept, since the upload is refused for it. */
  readonly incoming: IncomingJar | undefined;
}

async function receiveFile(part: MultipartFile, isFirst: boolean, store: JarStore): Promise<ReceivedFile> {
  const name = toJarName(part.filename ?? '');
  if (!isFirst || name === undefined || !isJarName(name)) {
    part.file.resume();
    return { name, incoming: undefined };
  }
  const incoming = await store.receive(part.file);
  if (part.file.truncated) {
    await store.discard(incoming);
    refuseTooLarge(Number.POSITIVE_INFINITY, store);
  }
  return { name, incoming };
}

/** Nobody parses the rest of it: left where it is, it would keep the connection from its next request. */
function drain({ raw }: FastifyRequest): void {
  raw.unpipe();
  raw.resume();
}

function keepOnly(received: readonly ReceivedFile[], store: JarStore): Promise<StoredJar> {
  const [file] = received;
  if (file === undefined || received.length > 1) {
    throw restError(400, `Exactly 1 file must be sent, received ${received.length}.`);
  }
  if (file.name === undefined || file.incoming === undefined) throw restError(400, 'Only Jar files are allowed.');
  return store.accept(file.incoming, file.name);
}

function refuseTooLarge(sizeBytes: number, { limits }: JarStore): void {
  const { maxJarBytes } = limits;
  if (sizeBytes <= maxJarBytes + MAX_PARTS * 1024) return;
  const size = Number.isFinite(sizeBytes) ? sizeBytes : `more than ${maxJarBytes}`;
  const values = ['of this upload', size, 'bytes', maxJarBytes, jarLimitNames.maxJarBytes];
  throw restError(413, appError('JAR_LIMIT', values).message);
}

/** @see Apache Flink 1.9: a body that is no JSON object without fields is refused as such, before files are counted */
function noMultipart(body: unknown): RestError {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8').trim() : '';
  if (text === '' || text === '{}') return restError(400, 'Exactly 1 file must be sent, received 0.');
  return restError(400, describeBadBody('EmptyRequestBody'));
}

/** What the multipart parser and the connection throw is the client's: a body cut off, or no multipart at all. */
function toRefusal(error: unknown): unknown {
  if (error instanceof RestError || error instanceof AppError) return error;
  const { statusCode, message } = error as Error & { readonly statusCode?: number };
  if (typeof statusCode === 'number') return restError(statusCode, message, error);
  return restError(
    400,
    `The upload was cut off or is no multipart body (${message}): send the whole file again.`,
    error,
  );
}
