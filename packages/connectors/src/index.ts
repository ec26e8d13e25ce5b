/**
 * Sources and sinks that need Node. Programs import one folder: `yeoul/connectors/files`, `/sockets`, `/http`, `/stdio`.
 */
export { CsvFormat, FileSink, FileSource, JsonLinesFormat, TextLineFormat, WholeFileFormat } from './files/index.ts';
export { HttpPollSource, HttpServerSource, HttpSink, WebSocketSource } from './http/index.ts';
export { SocketSink, SocketTextSource } from './sockets/index.ts';
export { StdinSource, StdoutSink } from './stdio/index.ts';
