// Where a server may listen: anywhere with tokens, on this machine alone without.
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { appError } from '@yeoul/engine';

export interface Binding {
  /** Of this machine; what is listened on. */
  readonly address: string;
  /** As in URLs: the name that was given, IPv6 addresses in brackets. */
  readonly hostName: string;
  readonly isLoopback: boolean;
}

/** The address is looked up once, so that what was checked is what is listened on. @throws LISTEN_FAILED, BIND_UNPROTECTED */
export async function decideBinding(host: string, hasTokens: boolean): Promise<Binding> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const address = isIP(name) > 0 ? name : await lookUp(name);
  const isLoopback = isLoopbackAddress(address);
  if (!isLoopback && !hasTokens) throw appError('BIND_UNPROTECTED', [host]);
  return { address, hostName: isIPv6(name) ? `[${name}]` : name, isLoopback };
}

async function lookUp(name: string): Promise<string> {
  try {
    const found = await lookup(name, { all: true });
    return (found.find(({ family }) => family === 4) ?? found[0])?.address ?? name;
  } catch (error) {
    throw appError('LISTEN_FAILED', [name, (error as Error).message], { cause: error });
  }
}

export function isLoopbackAddress(address: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/i.test(address);
}

/** Every address of this machine. */
export function isAnyAddress(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
