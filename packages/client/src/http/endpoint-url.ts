// From an endpoint and its values to a URL.
import { type AnyEndpoint, type Parameter, type Parameters, parseParameter } from '@yeoul/contract';
import { FlinkArgumentError } from '../errors/client-error.ts';

export type Values = Readonly<Record<string, unknown>>;

/** Path and query; parameters are checked as far as the contract says, so that no value can lead to another endpoint. */
export function toRelativeUrl(endpoint: AnyEndpoint, path: Values, query: Values): string {
  const text = endpoint.path.replace(/:(\w+)/g, (_: string, name: string) => toPathPart(endpoint, name, path[name]));
  const parameters = endpoint.queryParameters as Parameters;
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name)}=${encodeURIComponent(toQueryText(name, value, parameters[name]))}`,
    );
  return pairs.length === 0 ? text : `${text}?${pairs.join('&')}`;
}

function toPathPart(endpoint: AnyEndpoint, name: string, value: unknown): string {
  const parameter = (endpoint.pathParameters as Parameters)[name] ?? { type: 'string' };
  const parsed = value === undefined ? undefined : parseParameter(parameter, String(value));
  // A part that is empty or dots would be another path.
  if (parsed === undefined || /^\.{0,2}$/.test(String(parsed))) {
    throw new FlinkArgumentError(`${name} "${String(value)}" is no ${describeType(parameter)}`);
  }
  return encodeURIComponent(String(parsed));
}

/** Several values of a list stand in one parameter, separated by commas: Flink splits every value at them. */
function toQueryText(name: string, value: unknown, parameter: Parameter | undefined): string {
  const items = Array.isArray(value) ? value.map(String) : [String(value)];
  const bad = items.find((item) => item.includes(','));
  if (bad !== undefined) {
    throw new FlinkArgumentError(`${name} "${bad}" has a comma, which a query parameter of Flink cannot carry`);
  }
  if (parameter?.isList !== true && items.length > 1) throw new FlinkArgumentError(`${name} takes one value`);
  return items.join(',');
}

function describeType(parameter: Parameter): string {
  return parameter.type === 'hex32' ? 'id of 32 hex digits' : parameter.type;
}
