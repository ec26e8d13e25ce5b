// Refuses requests that a foreign web page may have sent: a Host that is not ours (DNS rebinding), an Origin that is not ours (CSRF).
import { isIPv4, isIPv6 } from 'node:net';

export interface OriginGuardOptions {
  /** Host names, lower case, without port. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Hosts that are addresses pass: nobody else can make a name of them. For servers that are reached by any address of a machine. */
  readonly allowsAddresses?: boolean;
  /** Origins beside the server's own: "http://localhost:5173". */
  readonly allowedOrigins: ReadonlySet<string>;
}

export const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'] as const;

/** Why a request is refused; undefined: it is not. */
export function findForeignOrigin(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  { allowedHosts, allowedOrigins, allowsAddresses = false }: OriginGuardOptions,
): string | undefined {
  const { host = '', origin } = headers;
  const name = toHostName(host);
  if (!allowedHosts.has(name) && !(allowsAddresses && isAddress(name))) {
    return `Host "${host}" is not one of this server's (${[...allowedHosts].join(', ')}): use one of these, or allow it when the server is started (--allow-host)`;
  }
  if (origin === undefined || allowedOrigins.has(origin) || hostOfOrigin(origin) === host.toLowerCase())
    return undefined;
  return `Origin "${origin}" is not this server's: open its own pages, or allow the origin when the server is started (--allow-origin)`;
}

function toHostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function isAddress(hostName: string): boolean {
  return isIPv4(hostName) || isIPv6(hostName.replace(/^\[(.*)\]$/, '$1'));
}

function hostOfOrigin(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1];
}
