// One endpoint of the contract as data. Server, client, documentation and tests are made from it.
import type { Static, TSchema } from 'typebox';
import type { Parameters, PathValues, QueryValues } from './parameters.ts';

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';

/** json: JSON both ways. file: text of a file. upload: multipart in, JSON out. events: a stream of Server-Sent Events. */
export type EndpointKind = 'json' | 'file' | 'upload' | 'events';

export interface RequestBody<S extends TSchema = TSchema> {
  /** Flink's class name; stands in the message for a body that does not match. */
  readonly name: string;
  readonly schema: S;
  /** No body at all is read as {}. */
  readonly isOptional: boolean;
}

export interface Endpoint<
  Path extends Parameters = Parameters,
  Query extends Parameters = Parameters,
  Body extends TSchema = TSchema,
  Response extends TSchema = TSchema,
  Template extends string = string,
> {
  /** Unique; the client's method and the OpenAPI operation. */
  readonly id: string;
  readonly method: HttpMethod;
  /** Without /v1; parameters as ":name". */
  readonly path: Template;
  readonly kind: EndpointKind;
  readonly summary: string;
  readonly pathParameters: Path;
  readonly queryParameters: Query;
  /** Undefined: a body other than {} is refused. */
  readonly body: RequestBody<Body> | undefined;
  readonly response: Response;
  /** Of success. */
  readonly status: number;
}

/** Any endpoint, where its types do not matter. */
export type AnyEndpoint = Endpoint<any, any, any, any, string>;

export type PathOf<E extends AnyEndpoint> = PathValues<E['pathParameters']>;
export type QueryOf<E extends AnyEndpoint> = QueryValues<E['queryParameters']>;
export type BodyOf<E extends AnyEndpoint> = E['body'] extends RequestBody<infer S> | undefined ? Static<S> : undefined;
export type ResponseOf<E extends AnyEndpoint> = Static<E['response']>;

export interface EndpointDefinition<
  Path extends Parameters,
  Query extends Parameters,
  Body extends TSchema,
  Response extends TSchema,
  Template extends string = string,
> {
  readonly id: string;
  readonly method: HttpMethod;
  readonly path: Template;
  readonly kind?: EndpointKind;
  readonly summary: string;
  readonly pathParameters?: Path;
  readonly queryParameters?: Query;
  readonly body?: RequestBody<Body>;
  readonly response: Response;
  readonly status?: number;
}

export function defineEndpoint<
  const Path extends Parameters = Record<never, never>,
  const Query extends Parameters = Record<never, never>,
  Body extends TSchema = never,
  Response extends TSchema = TSchema,
  const Template extends string = string,
>(
  definition: EndpointDefinition<Path, Query, Body, Response, Template>,
): Endpoint<Path, Query, Body, Response, Template> {
  return {
    kind: 'json',
    pathParameters: {} as Path,
    queryParameters: {} as Query,
    body: undefined,
    status: 200,
    ...definition,
  };
}
