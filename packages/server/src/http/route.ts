// A handler bound to an endpoint of the contract, and groups of them.
import type { FileHandle } from 'node:fs/promises';
import type { AnyEndpoint, BodyOf, PathOf, QueryOf, ResponseOf } from '@yeoul/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { EventStream } from './event-streams.ts';

/** What a handler is given: everything read and checked as the contract says. */
export interface HandlerRequest<E extends AnyEndpoint> {
  readonly path: PathOf<E>;
  readonly query: QueryOf<E>;
  /** {} for an empty body that may be empty; undefined for endpoints without one, and for uploads. */
  readonly body: BodyOf<E>;
  /** As the client sees this server: "http://127.0.0.1:8081". */
  readonly baseUrl: string;
  /** For uploads and streams. */
  readonly raw: FastifyRequest;
}

/** Answers with the body of the endpoint's success; throws RestError or AppError. */
export type Handler<E extends AnyEndpoint> = (
  request: HandlerRequest<E>,
) => HandlerAnswer<E> | Promise<HandlerAnswer<E>>;

type HandlerAnswer<E extends AnyEndpoint> = ResponseOf<E> | TextFile | FileAnswer | EventStream;

/** Answer of endpoints of kind "file". */
export class TextFile {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The same, straight from disk: as long as the file is now, whatever is appended meanwhile. */
export class FileAnswer {
  readonly handle: FileHandle;
  readonly sizeBytes: number;

  /** @param file closed when it is sent, or cannot be */
  constructor(file: { readonly handle: FileHandle; readonly sizeBytes: number }) {
    this.handle = file.handle;
    this.sizeBytes = file.sizeBytes;
  }
}

export interface Route {
  readonly endpoint: AnyEndpoint;
  readonly handle: Handler<any>;
}

/** Binds a handler; the types are the endpoint's. */
export function route<E extends AnyEndpoint>(endpoint: E, handle: Handler<E>): Route {
  return { endpoint, handle };
}

/** Routes that belong together; served plain and under /v1. */
export interface RouteGroup {
  readonly routes: readonly Route[];
  /** Where tokens are needed, these routes do not need one: a dashboard's files, say, which a browser fetches without. Default false. */
  readonly isPublic?: boolean;
  /** Plugins that only these routes need, such as multipart; runs in a scope of its own. */
  readonly setUp?: (scope: FastifyInstance) => void | Promise<void>;
}
