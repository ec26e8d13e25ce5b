// A WebSocket client: the package "ws" when it is installed (it can pause), else the one of Node 22 and later.
import { appError } from '@yeoul/engine';

export interface WebSocketEvents {
  onOpen(): void;
  onMessage(text: string): void;
  /** Once, at the end of the connection or instead of its begin. */
  onClose(reason: string): void;
}

export interface WebSocketConnection {
  send(text: string): void;
  close(): void;
  /** Stops and resumes reading; undefined: the client cannot. */
  readonly setPaused: ((paused: boolean) => void) | undefined;
}

export type OpenWebSocket = (
  url: string,
  headers: Readonly<Record<string, string>>,
  events: WebSocketEvents,
) => WebSocketConnection;

/** @throws OPTIONAL_PACKAGE_MISSING */
export async function loadWebSocket(): Promise<OpenWebSocket> {
  const library = await import('ws').catch(() => undefined);
  if (library !== undefined) return openWith(library.WebSocket);
  if (typeof globalThis.WebSocket === 'function') return openGlobal;
  throw appError('OPTIONAL_PACKAGE_MISSING', ['WebSocketSource', 'ws', 'ws']);
}

function openWith(WebSocketClass: typeof import('ws').WebSocket): OpenWebSocket {
  return (url, headers, events) => {
    const socket = new WebSocketClass(url, { headers: { ...headers } });
    let failure = '';
    socket.on('open', () => events.onOpen());
    socket.on('message', (data) => events.onMessage(String(data)));
    socket.on('error', (error) => {
      failure = error.message;
    });
    socket.on('close', (code, reason) => events.onClose(failure || `code ${code} ${String(reason)}`.trim()));
    return {
      send: (text) => socket.send(text),
      close: () => socket.terminate(),
      setPaused: (paused) => (paused ? socket.pause() : socket.resume()),
    };
  };
}

const openGlobal: OpenWebSocket = (url, headers, events) => {
  if (Object.keys(headers).length > 0)
    throw appError('OPTIONAL_PACKAGE_MISSING', ['A WebSocketSource with headers', 'ws', 'ws']);
  const socket = new globalThis.WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => events.onOpen();
  socket.onmessage = ({ data }: { data: unknown }) => events.onMessage(toText(data));
  socket.onclose = ({ code, reason }: { code: number; reason: string }) =>
    events.onClose(`code ${code} ${reason}`.trim());
  return { send: (text) => socket.send(text), close: () => socket.close(), setPaused: undefined };
};

function toText(data: unknown): string {
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : String(data);
}
