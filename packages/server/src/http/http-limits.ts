// What a connection and a request may take. Reaching a limit is an error that names its setting (rest.…).

export interface HttpLimits {
  /** Of JSON bodies; uploads have a limit of their own. */
  readonly maxBodyBytes: number;
  /** Of address and headers together. */
  readonly maxHeaderBytes: number;
  /** Of the address alone, characters. */
  readonly maxUrlLength: number;
  /** From the first byte to the end of the headers. */
  readonly headerTimeoutMs: number;
  /** From the first byte to the end of the body. */
  readonly requestTimeoutMs: number;
  /** Between two pieces of a body. */
  readonly idleBodyTimeoutMs: number;
  /** Between two requests. */
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
  /** Open at a time; each holds a connection. */
  readonly maxEventStreams: number;
  /** For requests that are under way when the server is closed. */
  readonly drainTimeoutMs: number;
}

const KIB = 1024;

export const defaultHttpLimits: HttpLimits = {
  // Far more than any program's arguments take.
  maxBodyBytes: 8 * KIB * KIB,
  // As Node and nginx.
  maxHeaderBytes: 16 * KIB,
  // Twice what Flink takes.
  maxUrlLength: 8 * KIB,
  headerTimeoutMs: 15_000,
  // 100 MiB over a line of 3 Mbit/s.
  requestTimeoutMs: 300_000,
  idleBodyTimeoutMs: 30_000,
  // Longer than dashboards and clients pause between polls.
  keepAliveTimeoutMs: 60_000,
  maxConnections: 1000,
  // A browser opens six to one server.
  maxEventStreams: 100,
  drainTimeoutMs: 10_000,
};
