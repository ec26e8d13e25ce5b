// Refuses requests that a foreign web page may have sent: a Host that is not ours (DNS rebinding), an Origin that is not ours (CSRF).

export interface OriginGuardOptions {
  /** Host names, lower case, without port. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Origins beside the server's own: "http://localhost:5173". */
  readonly allowedOrigins: ReadonlySet<string>;
}

export const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'] as const;

/** Why a request is refused; undefined: it is not. */
export function findForeignOrigin(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  { allowedHosts, allowedOrigins }: OriginGuardOptions,
): string | undefined {
  const { host = '', origin } = headers;
  if (!allowedHosts.has(toHostName(host))) {
    return `Host "${host}" is not one of this server's (${[...allowedHosts].join(', ')}): use one of these, or allow it when the server is started`;
  }
  if (origin === undefined || allowedOrigins.has(origin) || hostOfOrigin(origin) === host.toLowerCase())
    return undefined;
  return `Origin "${origin}" is not this server's: open its own pages, or allow the origin when the server is started`;
}

function toHostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function hostOfOrigin(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1];
}
