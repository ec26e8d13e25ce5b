// A server that listens. Only on this machine unless there are tokens.
import type { AddressInfo } from 'node:net';
import { appError } from '@yeoul/engine';
import { type CreateServerOptions, createServer } from './create-server.ts';
import { decideBinding, isAnyAddress } from './security/binding.ts';

export interface StartServerOptions extends CreateServerOptions {
  /** Default 127.0.0.1. Others need `tokens`. */
  readonly host?: string;
  /** 0: a free one. Default 8081. */
  readonly port?: number;
}

export interface RunningServer {
  /** "http://127.0.0.1:8081" */
  readonly url: string;
  /** Takes no more requests, ends when those under way are answered; the cluster goes on. */
  close(): Promise<void>;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8081;

/** Resolves once requests are accepted. @throws BIND_UNPROTECTED, LISTEN_FAILED, PORT_TAKEN */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT } = options;
  const { address, hostName } = await decideBinding(host, options.tokens !== undefined);
  const app = await createServer({
    ...options,
    allowedHosts: [hostName, ...(options.allowedHosts ?? [])],
    allowsAddresses: options.allowsAddresses ?? isAnyAddress(address),
    configuration: { 'rest.bind-address': host, ...options.configuration },
  });
  try {
    await app.listen({ host: address, port });
  } catch (error) {
    await app.close();
    throw listenFailure(error as NodeJS.ErrnoException, hostName, port);
  }
  const { port: boundPort } = app.server.address() as AddressInfo;
  const scheme = options.tls === undefined ? 'http' : 'https';
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= app.close().then(() => undefined);
    return closed;
  };
  return { url: `${scheme}://${hostName}:${boundPort}`, close };
}

function listenFailure(cause: NodeJS.ErrnoException, hostName: string, port: number): Error {
  if (cause.code === 'EADDRINUSE') return appError('PORT_TAKEN', [port, hostName], { cause });
  return appError('LISTEN_FAILED', [`${hostName}:${port}`, cause.code ?? cause.message], { cause });
}
