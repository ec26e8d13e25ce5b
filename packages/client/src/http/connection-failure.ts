// Why a request got no answer, from what fetch throws. Browsers tell nothing: there it is always "broken".
import {
  type ConnectionErrorFacts,
  type ConnectionFailureKind,
  FlinkConnectionError,
} from '../errors/connection-error.ts';

const TLS_CODES =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH)/;
const kinds: Readonly<Record<string, ConnectionFailureKind>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ENETUNREACH: 'refused',
  EHOSTUNREACH: 'refused',
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
};

/** @param request method and whole URL */
export function toConnectionError(cause: unknown, request: { method: string; url: string }): FlinkConnectionError {
  const code = codeOf(cause);
  const kind = kindOf(code);
  const facts: ConnectionErrorFacts = { ...request, kind };
  return new FlinkConnectionError(describe(kind, code, cause, request), facts, { cause });
}

/** @param timeoutMillis of the whole call */
export function toTimeoutError(timeoutMillis: number, request: { method: string; url: string }): FlinkConnectionError {
  const message = `${request.method} ${request.url} was not answered within ${timeoutMillis} ms (timeoutMillis)`;
  return new FlinkConnectionError(message, { ...request, kind: 'timeout' });
}

function kindOf(code: string | undefined): ConnectionFailureKind {
  if (code === undefined) return 'broken';
  return TLS_CODES.test(code) ? 'tls' : (kinds[code] ?? 'broken');
}

function describe(
  kind: ConnectionFailureKind,
  code: string | undefined,
  cause: unknown,
  { method, url }: { method: string; url: string },
): string {
  const { origin, host, protocol } = new URL(url);
  switch (kind) {
    case 'refused':
      return `Nothing listens at ${origin}${code === 'ECONNREFUSED' ? '' : ` (${code})`}`;
    case 'name':
      return `No such host: ${host}`;
    case 'tls':
      return `No trusted TLS connection with ${origin}: ${deepest(cause)}`;
    case 'timeout':
      return `${origin} does not answer`;
    case 'broken':
      return `${method} ${url} got no whole answer: ${deepest(cause)}${hintFor(code, protocol)}`;
  }
}

/** A server that speaks TLS ends plain connections at once. */
function hintFor(code: string | undefined, protocol: string): string {
  return code === 'UND_ERR_SOCKET' && protocol === 'http:' ? ' (does it want https:?)' : '';
}

function codeOf(error: unknown): string | undefined {
  for (const { code } of chain(error)) if (typeof code === 'string') return code;
  return undefined;
}

function deepest(error: unknown): string {
  const messages = chain(error).map(({ message }) => message);
  return messages.findLast((message): message is string => typeof message === 'string' && message !== '') ?? 'broken';
}

/** The error and its causes; of several attempts (one per address) the first. */
function chain(error: unknown): { code?: unknown; message?: unknown }[] {
  const found: { code?: unknown; message?: unknown }[] = [];
  for (let next = error; typeof next === 'object' && next !== null && found.length < 8; ) {
    found.push(next);
    const { cause, errors } = next as { cause?: unknown; errors?: unknown };
    next = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return found;
}
