// The connections of a server: how many there may be, and how they end when it is closed.
//   N1. A request whose handler has begun is answered, unless it takes longer than the drain timeout.
//   N2. When the server is closed, a connection without a request under way ends at once, the others after their answer.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { appError } from '@yeoul/engine';
import type { HttpLimits } from './http-limits.ts';
import { refuseOnSocket } from './socket-refusal.ts';

/** Refused connections that may be open at once, while their refusal is on its way. */
const MAX_REFUSED = 100;

export class Connections {
  /** Requests under way, by connection. */
  readonly #underWay = new Map<Socket, number>();
  readonly #limits: HttpLimits;
  #isDraining = false;
  #drainTimeout: NodeJS.Timeout | undefined;

  constructor(server: Server, limits: HttpLimits, isTls: boolean) {
    this.#limits = limits;
    server.maxConnections = limits.maxConnections + MAX_REFUSED;
    server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => this.#add(socket));
    server.prependListener('request', (request, response) => this.#watch(request, response));
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** It is one of those that are served, and no request of it is under way. */
  isAtRest(socket: Socket): boolean {
    return this.#underWay.get(socket) === 0;
  }

  /** N2. */
  drain(): void {
    this.#isDraining = true;
    for (const [socket, requests] of this.#underWay) if (requests === 0) socket.destroy();
    const { drainTimeoutMs } = this.#limits;
    this.#drainTimeout = setTimeout(() => this.#destroyAll(), drainTimeoutMs);
  }

  /** All of them have ended. */
  close(): void {
    clearTimeout(this.#drainTimeout);
  }

  #add(socket: Socket): void {
    if (this.#underWay.size >= this.#limits.maxConnections) {
      refuseOnSocket(socket, 503, appError('CONNECTION_LIMIT', [this.#underWay.size]).message);
      return;
    }
    this.#underWay.set(socket, 0);
    socket.once('close', () => this.#underWay.delete(socket));
  }

  #watch({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#count(socket, 1);
    response.once('close', () => {
      this.#count(socket, -1);
      if (this.#isDraining && this.#underWay.get(socket) === 0) socket.end(() => socket.destroy());
    });
  }

  #count(socket: Socket, change: number): void {
    const requests = this.#underWay.get(socket);
    if (requests !== undefined) this.#underWay.set(socket, requests + change);
  }

  #destroyAll(): void {
    for (const socket of this.#underWay.keys()) socket.destroy();
  }
}
