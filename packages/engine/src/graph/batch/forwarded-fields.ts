// What an operator is known to leave unchanged: lets partitioning and order survive it (Flink's semantic properties).
import type { Field } from './record-key.ts';

export type ForwardedFields =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  /** Input field → output field. */
  | { readonly kind: 'some'; readonly targets: ReadonlyMap<Field, Field> };

export const forwardAll: ForwardedFields = { kind: 'all' };
export const forwardNone: ForwardedFields = { kind: 'none' };

/** These fields keep their place. */
export function forwardSame(fields: readonly Field[]): ForwardedFields {
  return { kind: 'some', targets: new Map(fields.map((field) => [field, field])) };
}

/** Where `field` of the input stands in the output; undefined: nowhere for sure. */
export function forwardedField(forwarded: ForwardedFields, field: Field): Field | undefined {
  if (forwarded.kind === 'all') return field;
  return forwarded.kind === 'none' ? undefined : forwarded.targets.get(field);
}
