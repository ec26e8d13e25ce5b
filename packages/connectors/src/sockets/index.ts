/**
 * TCP sockets: `yeoul/connectors/sockets`. Importing it gives socketTextStream and writeToSocket their work.
 */
import './install-hooks.ts';

export { SocketSink, type SocketSinkOptions } from './socket-sink.ts';
export { SocketTextSource, type SocketTextSourceOptions } from './socket-text-source.ts';
