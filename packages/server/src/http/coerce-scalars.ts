// Takes scalars of bodies as Flink does: a number in quotes is a number, "true" is true, a number where a text is asked for is its text.
// What cannot be taken so is left as it is: the schema refuses it then.
// @see Jackson 2.9, MapperFeature.ALLOW_COERCION_OF_SCALARS (what a real Flink 1.9 accepts)
import type { TSchema } from 'typebox';

/** The part of a JSON schema that is looked at. */
interface Shape {
  readonly type?: string;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

export function coerceScalars(schema: TSchema, value: unknown): unknown {
  return coerce(schema as Shape, value);
}

function coerce(shape: Shape, value: unknown): unknown {
  const { type, properties = {}, items = {} } = shape.anyOf?.find((option) => option.type !== 'null') ?? shape;
  switch (type) {
    case 'object':
      return isObject(value) ? coerceFields(properties, value) : value;
    case 'array':
      return Array.isArray(value) ? value.map((item) => coerce(items, item)) : value;
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'boolean':
      return toBoolean(value);
    case 'integer':
      return toInteger(value);
    default:
      return value;
  }
}

function coerceFields(properties: Readonly<Record<string, Shape>>, value: object): object {
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => {
    const shape = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return [key, shape === undefined ? field : coerce(shape, field)];
  });
  return Object.fromEntries(entries);
}

function toBoolean(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value !== 0 : value;
  if (value === 'true' || value === 'True') return true;
  return value === 'false' || value === 'False' ? false : value;
}

function toInteger(value: unknown): unknown {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return null;
  return /^[+-]?\d+$/.test(text) ? Number(text) : value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
