// What is known of a data set's records: enough to show fields by position and to take all of them as a key.
import type { Field } from '../../graph/batch/record-key.ts';
import type { TypeInformation } from '../type-information.ts';

export type RecordShape =
  | { readonly kind: 'tuple'; readonly arity: number }
  | { readonly kind: 'row'; readonly names: readonly string[] }
  /** Fields are found by the position or name the program gives. */
  | { readonly kind: 'unknown' };

export const unknownShape: RecordShape = { kind: 'unknown' };

export function shapeOfType(type: TypeInformation | undefined): RecordShape {
  if (type?.kind === 'tuple') return { kind: 'tuple', arity: type.elements.length };
  if (type?.kind === 'row') return { kind: 'row', names: type.fields.map(({ name }) => name) };
  return unknownShape;
}

/** Arrays of one length are tuples. */
export function shapeOfElements(elements: readonly unknown[]): RecordShape {
  const [first] = elements;
  const arity = Array.isArray(first) ? first.length : undefined;
  if (arity === undefined) return unknownShape;
  return elements.every((e) => Array.isArray(e) && e.length === arity) ? { kind: 'tuple', arity } : unknownShape;
}

/** A field as plans show it, and how it is read. */
export interface ResolvedField {
  readonly field: Field;
  readonly read: (record: unknown) => unknown;
  /** Property of the record that holds it. */
  readonly property: string | number;
}

/** @param given position, or name; "f0", "f1"… are positions of tuples */
export function resolveField(shape: RecordShape, given: Field): ResolvedField {
  const property = propertyOf(shape, given);
  const shown = shape.kind === 'row' ? shape.names.indexOf(String(property)) : -1;
  return {
    field: shown >= 0 ? shown : property,
    property,
    read: (record) => (record as Record<string | number, unknown>)[property],
  };
}

function propertyOf(shape: RecordShape, given: Field): Field {
  if (shape.kind === 'row' && typeof given === 'number') return shape.names[given] ?? given;
  const position = shape.kind === 'tuple' && typeof given === 'string' ? /^f(\d+)$/.exec(given)?.[1] : undefined;
  return position === undefined ? given : Number(position);
}

/** All fields, where they are known. */
export function allFields(shape: RecordShape): readonly Field[] | undefined {
  if (shape.kind === 'tuple') return Array.from({ length: shape.arity }, (_, i) => i);
  return shape.kind === 'row' ? shape.names : undefined;
}
