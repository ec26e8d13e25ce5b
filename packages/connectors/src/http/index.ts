/**
 * HTTP and WebSocket: `yeoul/connectors/http`.
 */
export type { BodyFormat, BodyParser } from './body-format.ts';
export { HttpPollSource, type HttpPollSourceOptions } from './http-poll-source.ts';
export { HttpServerSource, type HttpServerSourceOptions } from './http-server-source.ts';
export { HttpSink, type HttpSinkOptions } from './http-sink.ts';
export { WebSocketSource, type WebSocketSourceOptions } from './web-socket-source.ts';
