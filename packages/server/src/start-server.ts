// A server that listens. Only on this machine unless told otherwise.
import { type AddressInfo, isIPv6 } from 'node:net';
import { type CreateServerOptions, createServer } from './create-server.ts';

export interface StartServerOptions extends CreateServerOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0: a free one. Default 8081. */
  readonly port?: number;
}

export interface RunningServer {
  /** "http://127.0.0.1:8081" */
  readonly url: string;
  /** Open connections are closed; the cluster goes on. */
  close(): Promise<void>;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8081;

/** Resolves once requests are accepted. */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT } = options;
  const hostName = isIPv6(host) ? `[${host}]` : host;
  const app = await createServer({
    ...options,
    allowedHosts: [hostName, ...(options.allowedHosts ?? [])],
    configuration: { 'rest.bind-address': host, ...options.configuration },
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port: boundPort } = app.server.address() as AddressInfo;
  return { url: `http://${hostName}:${boundPort}`, close: () => app.close() };
}
