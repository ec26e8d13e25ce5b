// Parameters of paths and query strings: what they are called, what they may hold, how their text is read. As Flink reads them.

/** A scalar type of a parameter. */
export type ParameterType =
  /** An id: 32 hex digits, in either case; read as lower case. */
  | { readonly type: 'hex32' }
  /** int32. */
  | { readonly type: 'integer'; readonly minimum?: number }
  /** int64; read as a number, exact up to 2^53. */
  | { readonly type: 'long' }
  | { readonly type: 'string' }
  /** "true" in any case; everything else is false, as in Java. */
  | { readonly type: 'boolean' }
  /** Read in any case; held in lower case. */
  | { readonly type: 'enum'; readonly values: readonly string[] };

/** Several values of a list come separated by commas, or by repeating the parameter. */
export type Parameter = ParameterType & { readonly isList?: boolean; readonly description?: string };

/** By name. */
export type Parameters = Readonly<Record<string, Parameter>>;

type ScalarOf<P> = P extends { type: 'integer' | 'long' }
  ? number
  : P extends { type: 'boolean' }
    ? boolean
    : P extends { type: 'enum'; values: readonly (infer V)[] }
      ? V
      : string;

export type ParameterValue<P> = P extends { isList: true } ? readonly ScalarOf<P>[] : ScalarOf<P>;

export type PathValues<P extends Parameters> = { readonly [N in keyof P]: ParameterValue<P[N]> };
export type QueryValues<Q extends Parameters> = { readonly [N in keyof Q]: ParameterValue<Q[N]> | undefined };

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** The value of one item of text; undefined: it is none. */
export function parseParameter(parameter: ParameterType, text: string): string | number | boolean | undefined {
  switch (parameter.type) {
    case 'hex32':
      // Flink takes one digit more and drops it.
      return /^[0-9a-f]{32,33}$/i.test(text) ? text.slice(0, 32).toLowerCase() : undefined;
    case 'integer':
      return parseInteger(text, Math.max(parameter.minimum ?? INT32_MIN, INT32_MIN), INT32_MAX);
    case 'long':
      return parseInteger(text, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    case 'boolean':
      return text.toLowerCase() === 'true';
    case 'enum':
      return parameter.values.includes(text.toLowerCase()) ? text.toLowerCase() : undefined;
    case 'string':
      return text;
  }
}

function parseInteger(text: string, minimum: number, maximum: number): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= minimum && value <= maximum ? value : undefined;
}
