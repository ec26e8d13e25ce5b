// Keys as users give them (positions, names, a selector) → keys of operators.
import { appError } from '../../errors.ts';
import { type Field, fieldsKey, type RecordKey } from '../../graph/batch/record-key.ts';
import { bindFunction } from '../function-binding.ts';
import type { KeySelectorLike } from '../user-functions.ts';
import { allFields, type RecordShape, resolveField } from './record-shape.ts';

/** Positions or names of fields, "*" for the whole record, or one selector. */
export type KeyArguments<T> = readonly Field[] | readonly [KeySelectorLike<T, unknown>];

export type GivenKeys =
  | { readonly kind: 'fields'; readonly key: RecordKey; readonly areTupleFields: boolean }
  | { readonly kind: 'selector'; readonly select: (record: never) => unknown };

/** @throws INVALID_KEY without any key, or with a selector among fields */
export function resolveKeys<T>(given: KeyArguments<T>, shape: RecordShape, operation: string): GivenKeys {
  if (given.length === 0) throw appError('INVALID_KEY', [operation, 'nothing']);
  const [first] = given;
  if (typeof first === 'function' || typeof first === 'object') return selectorKey(given, operation);
  if (given.length === 1 && first === '*') return wholeRecord(shape);
  return fieldKeys(given as readonly Field[], shape, operation);
}

/** All fields of tuples and rows, else the record itself. */
export function wholeRecord(shape: RecordShape): GivenKeys {
  const fields = allFields(shape);
  if (fields) return fieldKeys(fields, shape, 'distinct');
  return { kind: 'fields', key: fieldsKey([0], [(record) => record]), areTupleFields: false };
}

function selectorKey<T>(given: KeyArguments<T>, operation: string): GivenKeys {
  if (given.length > 1) throw appError('INVALID_KEY', [operation, 'a key selector and more']);
  const { fn } = bindFunction<(record: never) => unknown>(given[0], 'getKey', operation);
  return { kind: 'selector', select: fn };
}

function fieldKeys(given: readonly Field[], shape: RecordShape, operation: string): GivenKeys {
  const resolved = given.map((field) => resolveField(shape, checkField(field, shape, operation)));
  const key = fieldsKey(
    resolved.map(({ field }) => field),
    resolved.map(({ read }) => read),
  );
  return { kind: 'fields', key, areTupleFields: resolved.every(({ property }) => typeof property === 'number') };
}

/** @throws INVALID_KEY for a field that tuples or rows of this shape do not have */
export function checkField(field: Field, shape: RecordShape, operation: string): Field {
  const fields = allFields(shape);
  const exists =
    typeof field === 'number'
      ? Number.isInteger(field) && field >= 0 && (fields === undefined || field < fields.length)
      : shape.kind !== 'row' || shape.names.includes(field);
  if (!exists)
    throw appError('INVALID_KEY', [operation, `field ${field}${fields ? ` of ${fields.length} fields` : ''}`]);
  return field;
}
