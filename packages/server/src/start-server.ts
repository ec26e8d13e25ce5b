// A server that listens. Only on this machine unless there are tokens.
import type { AddressInfo } from 'node:net';
import { appError } from '@yeoul/engine';
import type { FastifyInstance } from 'fastify';
import { type CreateServerOptions, createServer } from './create-server.ts';
import { decideBinding, isAnyAddress } from './security/binding.ts';

export interface StartServerOptions extends CreateServerOptions {
  /** Default 127.0.0.1. Others need `tokens`. */
  readonly host?: string;
  /** 0: a free one. Several: the first that is free. Default 8081. */
  readonly port?: number | readonly number[];
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
  const ports = typeof port === 'number' ? [port] : port;
  try {
    await listenOnFirst(app, address, ports);
  } catch (error) {
    await app.close();
    throw listenFailure(error as NodeJS.ErrnoException, hostName, describePorts(ports));
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

/** Ports that others have are passed over. @throws what the last one fails with, or any with another failure */
async function listenOnFirst(app: FastifyInstance, host: string, ports: readonly number[]): Promise<void> {
  for (const [index, port] of ports.entries()) {
    try {
      await app.listen({ host, port });
      return;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || index === ports.length - 1) throw error;
    }
  }
}

/** "8081", "8081-8090", "8081, 8090-8095": those that follow each other as a range. */
function describePorts(ports: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const port of ports) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] + 1 === port) last[1] = port;
    else ranges.push([port, port]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

function listenFailure(cause: NodeJS.ErrnoException, hostName: string, port: string): Error {
  if (cause.code === 'EADDRINUSE') return appError('PORT_TAKEN', [port, hostName], { cause });
  return appError('LISTEN_FAILED', [`${hostName}:${port}`, cause.code ?? cause.message], { cause });
}
