// Declared types. Plain data: the serializer generated from it lives in serialization/. Types are optional, and pay:
// a stream without one uses the general codec.

export interface RowField {
  readonly name: string;
  readonly type: TypeInformation;
}

export type TypeInformation<T = unknown> = TypeDescription & { readonly __type?: T };

export type TypeDescription =
  | { readonly kind: 'int' } // int32
  | { readonly kind: 'long' } // integer within ±2^53, stored as float64
  | { readonly kind: 'double' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'string' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'bigint' }
  | { readonly kind: 'date' }
  | { readonly kind: 'row'; readonly fields: readonly RowField[] }
  | { readonly kind: 'tuple'; readonly elements: readonly TypeInformation[] }
  | { readonly kind: 'list'; readonly element: TypeInformation }
  | { readonly kind: 'map'; readonly key: TypeInformation; readonly value: TypeInformation }
  | { readonly kind: 'optional'; readonly inner: TypeInformation }
  /** Whatever msgpack with structured clone can carry. */
  | { readonly kind: 'generic' };

type RowOf<F extends Record<string, TypeInformation>> = { -readonly [K in keyof F]: TypeOf<F[K]> };
type TupleOf<E extends readonly TypeInformation[]> = { -readonly [K in keyof E]: TypeOf<E[K]> };

/** The TypeScript type that a TypeInformation describes. */
export type TypeOf<I> = I extends TypeInformation<infer T> ? T : never;

export const Types = {
  int: { kind: 'int' } as TypeInformation<number>,
  long: { kind: 'long' } as TypeInformation<number>,
  double: { kind: 'double' } as TypeInformation<number>,
  boolean: { kind: 'boolean' } as TypeInformation<boolean>,
  string: { kind: 'string' } as TypeInformation<string>,
  bytes: { kind: 'bytes' } as TypeInformation<Uint8Array>,
  bigint: { kind: 'bigint' } as TypeInformation<bigint>,
  date: { kind: 'date' } as TypeInformation<Date>,
  generic: <T>(): TypeInformation<T> => ({ kind: 'generic' }) as TypeInformation<T>,
  /** An object with exactly these fields, in this order. */
  row: <F extends Record<string, TypeInformation>>(fields: F): TypeInformation<RowOf<F>> =>
    ({
      kind: 'row',
      fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
    }) as TypeInformation<RowOf<F>>,
  tuple: <const E extends readonly TypeInformation[]>(...elements: E): TypeInformation<TupleOf<E>> =>
    ({ kind: 'tuple', elements }) as TypeInformation<TupleOf<E>>,
  list: <T>(element: TypeInformation<T>): TypeInformation<T[]> =>
    ({ kind: 'list', element: element as TypeInformation }) as TypeInformation<T[]>,
  map: <K, V>(key: TypeInformation<K>, value: TypeInformation<V>): TypeInformation<Map<K, V>> =>
    ({ kind: 'map', key: key as TypeInformation, value: value as TypeInformation }) as TypeInformation<Map<K, V>>,
  optional: <T>(inner: TypeInformation<T>): TypeInformation<T | undefined> =>
    ({ kind: 'optional', inner: inner as TypeInformation }) as TypeInformation<T | undefined>,
} as const;
