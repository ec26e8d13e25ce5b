// The web dashboard out of flink-runtime-web's jar, served in front of a REST API as Flink does: its files, and the rest to the server.
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';
import { type FlinkName, prepareFlink } from '../../scripts/flink-cluster.mjs';

export interface DashboardServer {
  /** "http://127.0.0.1:40123" */
  readonly url: string;
  close(): Promise<void>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
};

/** @param apiUrl where everything goes that is no file */
export async function startDashboard(name: FlinkName, apiUrl: string): Promise<DashboardServer> {
  const files = unpackDashboard(name);
  const server = createServer((incoming, answer) => {
    const { pathname } = new URL(incoming.url ?? '/', apiUrl);
    const file = join(files, normalize(pathname === '/' ? '/index.html' : pathname));
    if (incoming.method === 'GET' && existsSync(file) && statSync(file).isFile()) {
      answer.setHeader('content-type', CONTENT_TYPES[extname(file)] ?? 'application/octet-stream');
      createReadStream(file).pipe(answer);
    } else passOn(incoming, answer, new URL(apiUrl));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

/** Beside the jars it comes from. */
function unpackDashboard(name: FlinkName): string {
  const { libraries } = prepareFlink(name);
  const folder = join(dirname(libraries), 'dashboard');
  if (existsSync(join(folder, 'web', 'index.html'))) return join(folder, 'web');
  const jar = readdirSync(libraries).find((file) => file.startsWith('flink-runtime-web'));
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('jar', ['--extract', '--file', join(libraries, jar ?? ''), 'web'], { cwd: folder });
  if (status !== 0) throw new Error(`The dashboard of Flink ${name} cannot be unpacked from ${jar}`);
  return join(folder, 'web');
}

function passOn(incoming: IncomingMessage, answer: ServerResponse, { hostname, port }: URL): void {
  const { method, url, headers } = incoming;
  const outgoing = request({ hostname, port, method, path: url, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  outgoing.on('error', () => answer.destroy());
  incoming.pipe(outgoing);
}
