// The contract as an OpenAPI 3.1 document.
import type { AnyEndpoint, EndpointKind } from '../endpoint.ts';
import { endpointGroups } from '../endpoints.ts';
import type { Parameters } from '../parameters.ts';
import { WireErrorBody } from '../wire-error.ts';
import { parameterSchema } from './parameter-schema.ts';

type Json = Readonly<Record<string, unknown>>;

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string } & Json;
  readonly servers: readonly Json[];
  readonly tags: readonly Json[];
  /** By path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: Json;
  readonly security: readonly Json[];
}

const ERRORS = 'Errors';

/** @param version of the product */
export function createOpenApiDocument(version: string): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Yeoul REST API',
      version,
      description:
        "Apache Flink's monitoring REST API: the endpoints of Flink 1.9 and, where the engine has the facts, fields of later versions. Every path is also there under /v1.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }, { url: '/v1' }],
    tags: endpointGroups.map(({ title }) => ({ name: title })),
    paths: toPaths(),
    components: {
      schemas: { [ERRORS]: WireErrorBody },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Needed where the server has tokens.' },
      },
    },
    security: [{}, { token: [] }],
  };
}

function toPaths(): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, Json>> = {};
  for (const { title, endpoints } of endpointGroups) {
    for (const endpoint of endpoints) {
      const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
      paths[path] ??= {};
      paths[path][endpoint.method.toLowerCase()] = toOperation(endpoint, title);
    }
  }
  return paths;
}

function toOperation(endpoint: AnyEndpoint, tag: string): Json {
  const body = requestBodyOf(endpoint);
  return {
    operationId: endpoint.id,
    tags: [tag],
    summary: endpoint.summary,
    parameters: [
      ...toParameters('path', endpoint.pathParameters as Parameters),
      ...toParameters('query', endpoint.queryParameters as Parameters),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [endpoint.status]: { description: 'Success', content: answerOf(endpoint) },
      default: {
        description: 'Refused or failed; the texts say what to do',
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${ERRORS}` } } },
      },
    },
  };
}

function toParameters(place: 'path' | 'query', parameters: Parameters): Json[] {
  return Object.entries(parameters).map(([name, parameter]) => ({
    name,
    in: place,
    required: place === 'path',
    ...(parameter.description === undefined ? {} : { description: parameter.description }),
    ...(parameter.isList === true ? { style: 'form', explode: false } : {}),
    schema: parameterSchema(parameter),
  }));
}

/** Bodies of GET are left out: OpenAPI has no meaning for them. */
function requestBodyOf({ body, kind, method }: AnyEndpoint): Json | undefined {
  if (kind === 'upload') {
    const file = { type: 'string', contentMediaType: 'application/java-archive' };
    const schema = { type: 'object', properties: { jarfile: file }, required: ['jarfile'] };
    return { required: true, content: { 'multipart/form-data': { schema } } };
  }
  if (body === undefined || method === 'GET') return undefined;
  return { required: !body.isOptional, content: { 'application/json': { schema: body.schema } } };
}

const contentTypes = {
  json: 'application/json',
  upload: 'application/json',
  file: 'text/plain',
  events: 'text/event-stream',
} as const satisfies Record<EndpointKind, string>;

function answerOf({ kind, response }: AnyEndpoint): Json {
  return { [contentTypes[kind]]: { schema: response } };
}
