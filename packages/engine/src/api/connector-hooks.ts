// Connectors need Node and live in another package; importing one there fills in the environment methods that stand for it.
import { appError } from '../errors.ts';
import type { StreamExecutionEnvironment } from './environment.ts';
import type { Source } from './source.ts';
import type { DataStream } from './streams/data-stream.ts';
import type { SinkFunction } from './user-functions.ts';

export interface ReadTextOptions {
  /** Default "utf-8". */
  readonly encoding?: string;
  /** Anything else the connector knows. */
  readonly [option: string]: unknown;
}

export interface SocketTextOptions {
  /** Default "\n". */
  readonly delimiter?: string;
  /** How long to go on trying when the connection fails or is lost, seconds, one attempt in each; 0: not at all, below: for ever. */
  readonly maxRetrySeconds?: number;
}

export interface TextSinkOptions {
  /** Replace what is there; default: an existing path is an error. */
  readonly overwrite?: boolean;
  readonly rowDelimiter?: string;
  /** CSV only. */
  readonly fieldDelimiter?: string;
}

export interface ConnectorHooks {
  readTextFile(env: StreamExecutionEnvironment, path: string, options: ReadTextOptions): DataStream<string>;
  socketTextStream(
    env: StreamExecutionEnvironment,
    hostname: string,
    port: number,
    options: SocketTextOptions,
  ): DataStream<string>;
  /** The bounded source behind readTextFile, for batch programs. */
  textFileSource(path: string, options: ReadTextOptions): Source<string, unknown>;
  textFileSink(path: string, options: TextSinkOptions): SinkFunction<unknown>;
  csvFileSink(path: string, options: TextSinkOptions): SinkFunction<unknown>;
  socketSink(hostname: string, port: number, serialize: (value: unknown) => string | Uint8Array): SinkFunction<unknown>;
}

const moduleOf: Readonly<Record<keyof ConnectorHooks, string>> = {
  readTextFile: 'yeoul/connectors/files',
  textFileSource: 'yeoul/connectors/files',
  textFileSink: 'yeoul/connectors/files',
  csvFileSink: 'yeoul/connectors/files',
  socketTextStream: 'yeoul/connectors/sockets',
  socketSink: 'yeoul/connectors/sockets',
};

const installed: Partial<ConnectorHooks> = {};

/** Called by connector modules when they are imported. */
export function installConnectorHooks(hooks: Partial<ConnectorHooks>): void {
  Object.assign(installed, hooks);
}

/** @throws CONNECTOR_MISSING when no imported connector offers it */
export function connectorHook<H extends keyof ConnectorHooks>(hook: H, operation: string): ConnectorHooks[H] {
  const found = installed[hook];
  if (found === undefined) throw appError('CONNECTOR_MISSING', [operation, moduleOf[hook]]);
  return found as ConnectorHooks[H];
}
