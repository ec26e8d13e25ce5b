// Where the server is, and who asks.
import { FlinkArgumentError } from '../errors/client-error.ts';

export interface Address {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly authorization: string | undefined;
}

/** @param token wins over a user in the URL, which fetch would refuse */
export function readAddress(baseUrl: string, token: string | undefined): Address {
  const url = parseUrl(baseUrl);
  const basic =
    url.username === ''
      ? undefined
      : `Basic ${toBase64(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)}`;
  return {
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    authorization: token === undefined ? basic : `Bearer ${token}`,
  };
}

function parseUrl(text: string): URL {
  const url = tryParse(text);
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new FlinkArgumentError(`baseUrl "${text}" is no http: or https: address, such as http://127.0.0.1:8081`);
}

function tryParse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function toBase64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
