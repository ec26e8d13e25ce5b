// Requests made from the contract: for each endpoint right ones, nearly right ones and nonsense.
import type { AnyEndpoint, Parameter } from '@yeoul/contract';
import fc from 'fast-check';

export interface FuzzRequest {
  readonly endpointId: string;
  readonly method: string;
  /** With query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Ids that are there, by the name of the path parameter. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

/** @param known for endpoints that only look; those that act get ids that nothing has */
export function requestFor(endpoint: AnyEndpoint, known: KnownIds): fc.Arbitrary<FuzzRequest> {
  const acts = endpoint.method !== 'GET' || endpoint.id === 'cancelJobByGet';
  const path = pathFor(endpoint, acts ? {} : known);
  return fc
    .record({
      prefix: fc.constantFrom('', '/v1', '//v1/'),
      path,
      query: queryFor(endpoint),
      body: fc.option(bodyFor(endpoint), { nil: undefined, freq: endpoint.body === undefined ? 1 : 5 }),
      type: fc.constantFrom('application/json', 'text/plain', 'multipart/form-data; boundary=x', 'x', ''),
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(endpoint.method) },
        { weight: 1, arbitrary: fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'HEAD', 'OPTIONS', 'DELETE') },
      ),
    })
    .map(({ prefix, path, query, body, type, method }) => ({
      endpointId: endpoint.id,
      // A method that acts is not tried on an id that is there.
      method: acts || method === 'GET' || method === 'HEAD' || method === 'OPTIONS' ? method : endpoint.method,
      url: `${prefix}${path}${query}`,
      headers: type === '' ? {} : { 'content-type': type },
      body,
    }));
}

function pathFor({ path, pathParameters }: AnyEndpoint, known: KnownIds): fc.Arbitrary<string> {
  const parts = path.split('/').slice(1);
  const each = parts.map((part) => {
    if (!part.startsWith(':')) return fc.constant(part);
    const name = part.slice(1);
    return segmentFor(pathParameters[name] as Parameter, known[name] ?? []);
  });
  return fc.tuple(...each).map((segments) => `/${segments.join('/')}`);
}

function segmentFor(parameter: Parameter, known: readonly string[]): fc.Arbitrary<string> {
  const there = known.length === 0 ? [] : [{ weight: 8, arbitrary: fc.constantFrom(...known) }];
  return fc.oneof(
    ...there,
    { weight: 2, arbitrary: fittingText(parameter) },
    { weight: 1, arbitrary: hostileText.map(encodeSafely) },
    { weight: 1, arbitrary: fc.constantFrom(...RAW_SEGMENTS) },
  );
}

/** As it stands in the address. */
const RAW_SEGMENTS = [
  '%',
  '%zz',
  '%00',
  '%c0%ae%c0%ae',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  '..%5c..%5c',
  '.',
  '*',
  '%E0%A4%A',
  'a'.repeat(513),
  ';x=1',
  '%2F',
];

/** A text of the parameter's type, that nothing has. */
function fittingText(parameter: Parameter): fc.Arbitrary<string> {
  switch (parameter.type) {
    case 'hex32':
      return fc.stringMatching(/^[0-9a-fA-F]{32}$/);
    case 'integer':
    case 'long':
      return fc.oneof(
        fc.integer().map(String),
        fc.bigInt().map(String),
        fc.constantFrom(...ODD_NUMBERS).map(encodeSafely),
      );
    case 'boolean':
      return fc.constantFrom('true', 'false', 'TRUE', 'yes');
    case 'enum':
      return fc.constantFrom(...parameter.values, parameter.values[0]?.toUpperCase() ?? '');
    case 'string':
      return fc.oneof(fc.stringMatching(/^[\w.-]{1,30}$/), hostileText.map(encodeSafely));
  }
}

const ODD_NUMBERS = [
  '0',
  '-1',
  '+1',
  '00000000001',
  '2147483647',
  '2147483648',
  '9223372036854775807',
  '9223372036854775808',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '1'.repeat(400),
  '１',
];

export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\r\nX-Injected: 1',
    '__proto__',
    'constructor',
    'toString',
    'null',
    '../../../../etc/passwd',
    '..\\..\\',
    '/etc/passwd',
    'file:///etc/passwd',
    '$\u007bjndi:ldap://x}',
    '<script>',
    '%s%n%d',
    '여울',
    '𝕏'.repeat(50),
    '\u202e',
    '\ud800',
    'x'.repeat(2000),
  ),
);

function queryFor({ queryParameters }: AnyEndpoint): fc.Arbitrary<string> {
  const known = Object.entries(queryParameters as Readonly<Record<string, Parameter>>).map(([name, parameter]) =>
    fc.oneof(fittingText(parameter), hostileText.map(encodeSafely)).map((text) => `${name}=${text}`),
  );
  const unknown = fc
    .tuple(hostileText, hostileText)
    .map(([name, value]) => `${encodeSafely(name)}=${encodeSafely(value)}`);
  const odd = fc.constantFrom(
    '&',
    '=',
    '?',
    '%',
    'a',
    'a[]=1',
    'a[b]=1',
    '__proto__=1',
    '__proto__[x]=1',
    'x='.repeat(300),
  );
  // Repeated ones come by themselves.
  const pieces = fc.array(fc.oneof(...known, ...known, unknown, odd), { maxLength: 4 });
  return pieces.map((list) => (list.length === 0 ? '' : `?${list.join('&')}`));
}

interface Shape {
  readonly type?: string;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
}

function bodyFor({ body }: AnyEndpoint): fc.Arbitrary<string> {
  const fields = Object.keys((body?.schema as Shape | undefined)?.properties ?? {});
  const anyValue = fc.oneof(hostileText, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.jsonValue());
  const name = fields.length === 0 ? hostileText : fc.oneof(fc.constantFrom(...fields), hostileText);
  const nearlyRight = fc.dictionary(name, anyValue, { maxKeys: 5 }).map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 6, arbitrary: nearlyRight },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: nearlyRight.map((text) => text.slice(0, Math.floor(text.length / 2))) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        '{}',
        '{}{}',
        'null',
        '[]',
        '"x"',
        '1e999',
        '-0',
        '{"__proto__":{"x":1}}',
        `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`,
        '['.repeat(20_000),
        `{"parallelism":${'9'.repeat(400)}}`,
        '{"parallelism":1e309}',
        '{"a":1,"a":2}',
        '\ufeff{}',
        '{"a":"\\ud800"}',
        'x'.repeat(100_000),
      ),
    },
  );
}

/** encodeURIComponent refuses half of a surrogate pair. */
function encodeSafely(text: string): string {
  return [...text]
    .map((character) =>
      /[\ud800-\udfff]/.test(character) && character.length === 1 ? '%ED%A0%80' : encodeURIComponent(character),
    )
    .join('');
}
