import { type TypeInformation, Types } from './type-information.ts';

const primitives: Readonly<Record<string, TypeInformation>> = {
  // All numbers are doubles here: a later reduce may well give fractions.
  number: Types.double as TypeInformation,
  string: Types.string as TypeInformation,
  boolean: Types.boolean as TypeInformation,
  bigint: Types.bigint as TypeInformation,
};

/** Declared type for values that are all of one primitive kind; undefined for anything else. */
export function inferType<T>(values: readonly T[]): TypeInformation<T> | undefined {
  const kinds = new Set(values.map((value) => typeof value));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined ? (primitives[kind] as TypeInformation<T> | undefined) : undefined;
}
