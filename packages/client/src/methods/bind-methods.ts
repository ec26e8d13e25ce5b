// Turns a table of endpoints into methods.
import type { AnyEndpoint } from '@yeoul/contract';
import { toAnswer } from '../answers/to-answer.ts';
import type { CallRequest, Connection } from '../http/connection.ts';
import type { MethodGroup } from './method-types.ts';

export function bindMethods<Table extends Readonly<Record<string, AnyEndpoint>>>(
  connection: Connection,
  table: Table,
): MethodGroup<Table> {
  const methods = Object.entries(table).map(([name, endpoint]) => [name, bindMethod(connection, endpoint)]);
  return Object.fromEntries(methods) as MethodGroup<Table>;
}

function bindMethod(connection: Connection, endpoint: AnyEndpoint): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => callEndpoint(connection, endpoint, toRequest(endpoint, args));
}

/** Calls, brings the answer into the contract's form, validates it if asked. */
export async function callEndpoint(connection: Connection, endpoint: AnyEndpoint, request: CallRequest): Promise<any> {
  const answer = toAnswer(endpoint.id, await connection.call(endpoint, request));
  connection.options.validate(endpoint, answer);
  return answer;
}

function toRequest(endpoint: AnyEndpoint, args: readonly unknown[]): CallRequest {
  const names = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => String(name));
  const path = Object.fromEntries(names.map((name, index) => [name, args[index]]));
  const { signal, timeoutMillis, ...fields } = (args[names.length] ?? {}) as CallRequest & Record<string, unknown>;
  const isQuery = ([name]: [string, unknown]) => endpoint.body === undefined && name in endpoint.queryParameters;
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  const query = Object.fromEntries(entries.filter(isQuery));
  const body = Object.fromEntries(entries.filter((entry) => !isQuery(entry)));
  return { path, query, ...(endpoint.body === undefined ? {} : { body }), signal, timeoutMillis };
}
