// Requests byte by byte, for what no HTTP client sends.
import { connect, type Socket } from 'node:net';

/** Everything that comes back until the server ends the connection. */
export async function exchange(url: string, text: string | Buffer): Promise<string> {
  const socket = await open(url);
  socket.write(text);
  return readToEnd(socket);
}

export function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

export function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve(text)));
}

export interface RawAnswer {
  readonly status: number;
  readonly body: any;
}

/** Answers with a length each, one after the other. */
export function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n');
    const head = rest.slice(0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    answers.push({ status: Number(head.split(' ')[1]), body: JSON.parse(body) });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}
