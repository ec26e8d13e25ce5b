// Reads a request as its endpoint says. Order and wording of refusals are Flink's: body, path, query, each 400.
import {
  type AnyEndpoint,
  describeBadBody,
  describeBadParameter,
  type Parameter,
  parseParameter,
  type RequestBody,
  restError,
} from '@yeoul/contract';
import type { FastifyRequest } from 'fastify';
import { Check } from 'typebox/value';
import { coerceScalars } from './coerce-scalars.ts';

/** Routes without a body take no body, or an empty object. @see Apache Flink, EmptyRequestBody */
const EMPTY_BODY = 'EmptyRequestBody';

type QueryText = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ReadRequest {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** @throws RestError 400 */
export function readRequest(endpoint: AnyEndpoint, request: FastifyRequest): ReadRequest {
  const body = endpoint.kind === 'upload' ? undefined : readBody(endpoint.body, request.body);
  const pathText = request.params as Readonly<Record<string, string>>;
  const queryText = request.query as QueryText;
  return {
    body,
    path: readEach(endpoint.pathParameters, (name, parameter) =>
      readScalar('path', name, parameter, pathText[name] ?? ''),
    ),
    query: readEach(endpoint.queryParameters, (name, parameter) => readQuery(name, parameter, queryText[name])),
  };
}

function readEach(
  parameters: Readonly<Record<string, Parameter>>,
  read: (name: string, parameter: Parameter) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, read(name, parameter)]));
}

function readQuery(name: string, parameter: Parameter, given: string | readonly string[] | undefined): unknown {
  if (given === undefined) return undefined;
  const text = typeof given === 'string' ? given : given.join(',');
  const values = text.split(',').map((item) => readScalar('query', name, parameter, item, text));
  if (parameter.isList === true) return values;
  if (values.length > 1) throw restError(400, `Expected only one value [${values.join(', ')}].`);
  return values[0];
}

function readScalar(
  place: 'path' | 'query',
  name: string,
  parameter: Parameter,
  item: string,
  whole: string = item,
): unknown {
  const value = parseParameter(parameter, item);
  if (value === undefined) throw restError(400, describeBadParameter(place, name, whole));
  return value;
}

function readBody(body: RequestBody | undefined, received: unknown): unknown {
  const text = received instanceof Uint8Array ? Buffer.from(received).toString('utf8') : '';
  if (body === undefined) return refuseBody(text);
  if (text === '' && body.isOptional) return {};
  if (text === '') throw restError(400, 'Bad request received. Request did not conform to expected format.');
  const value = coerceScalars(body.schema, parseJson(text, body.name));
  if (!Check(body.schema, value)) throw restError(400, describeBadBody(body.name));
  return value;
}

function refuseBody(text: string): undefined {
  if (text === '') return undefined;
  const value = parseJson(text, EMPTY_BODY);
  const isEmpty =
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
  if (!isEmpty) throw restError(400, describeBadBody(EMPTY_BODY));
  return undefined;
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw restError(400, describeBadBody(name), error);
  }
}
