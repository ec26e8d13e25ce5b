// A client of its own process that asks for one page again and again: `URL CONNECTIONS SECONDS RATE` (0: as fast as it is answered), answers
// with one line of JSON. Sockets and a search for the end of an answer: the client costs less than the server.
import { connect, type Socket } from 'node:net';

const TICK_MS = 5;
const [target = '', connections, seconds, rate] = process.argv.slice(2);
const { hostname, port, pathname, search } = new URL(target);
const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`;
const waiting: Socket[] = [];
let allowed = Number(rate) === 0 ? Number.POSITIVE_INFINITY : 0;
let answers = 0;
let refusals = 0;
let isOver = false;

function ask(socket: Socket): void {
  if (isOver) return;
  if (allowed < 1) {
    waiting.push(socket);
    return;
  }
  allowed -= 1;
  socket.write(request);
}

function open(): void {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let missing = 0;
  let head = '';
  socket.on('connect', () => ask(socket));
  socket.on('data', (data) => {
    if (missing > 0) {
      missing -= data.length;
    } else {
      head += data.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.startsWith('HTTP/1.1 200')) refusals += 1;
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      missing = end + 4 + length - head.length;
      head = '';
    }
    if (missing > 0) return;
    answers += 1;
    ask(socket);
  });
}

const startMs = performance.now();
for (let i = 0; i < Number(connections); i++) open();
let lastMs = startMs;
const pace = setInterval(() => {
  const nowMs = performance.now();
  // What could not be asked for in time is not made up for.
  allowed = Math.min(allowed + ((nowMs - lastMs) / 1000) * Number(rate), Number(rate) / 10);
  lastMs = nowMs;
  while (allowed >= 1 && waiting.length > 0) ask(waiting.shift()!);
}, TICK_MS);
if (Number(rate) === 0) clearInterval(pace);
setTimeout(() => {
  isOver = true;
  const took = (performance.now() - startMs) / 1000;
  process.stdout.write(`${JSON.stringify({ answers, refusals, seconds: took })}\n`, () => process.exit(0));
}, Number(seconds) * 1000);
