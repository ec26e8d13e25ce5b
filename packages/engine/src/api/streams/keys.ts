// Key selectors from what users give: functions, objects, field names, tuple positions.
import { appError } from '../../errors.ts';
import type { KeySpec } from '../../graph/transformation.ts';
import { requireImmediate } from '../function-binding.ts';
import type { TypeDescription, TypeInformation } from '../type-information.ts';
import { Types } from '../type-information.ts';

type Selector = (value: never) => unknown;

/**
 * @param given what keyBy got: one selector, or one or more field names
 * @param keyType declared by the user; else taken from the record type for field names
 */
export function createKeySpec(
  given: readonly unknown[],
  recordType: TypeInformation | undefined,
  keyType: TypeInformation | undefined,
): KeySpec {
  const [first, ...others] = given;
  requireImmediate(first, 'keyBy');
  if (typeof first === 'function') return { selector: first as Selector, type: keyType };
  if (typeof first === 'object' && first !== null && typeof (first as { getKey?: unknown }).getKey === 'function') {
    const { getKey } = first as { getKey: Selector };
    return { selector: getKey.bind(first) as Selector, type: keyType };
  }
  const fields = given.map((field) => fieldKey(field, recordType));
  if (others.length === 0) return { selector: fields[0]?.selector as Selector, type: keyType ?? fields[0]?.type };
  return { selector: tupleSelector(fields), type: keyType ?? tupleType(fields) };
}

/** All records have this key: windowAll. */
export const constantKey: KeySpec = { selector: () => 0, type: Types.int };

function fieldKey(field: unknown, recordType: TypeInformation | undefined): KeySpec {
  const type = recordType === undefined ? undefined : fieldType(recordType, field);
  const unknownField = recordType !== undefined && hasFields(recordType) && type === undefined;
  if ((typeof field !== 'string' && typeof field !== 'number') || field === '' || unknownField) {
    throw appError('INVALID_KEY_SELECTOR', [JSON.stringify(field) ?? String(field), fieldNames(recordType)]);
  }
  const selector = (value: never) => (value as Record<string | number, unknown>)[field];
  // Channels take the key from the record itself when they know where it stands.
  return { selector: Object.assign(selector, { keyField: field }), type };
}

function tupleSelector(fields: readonly KeySpec[]): Selector {
  const selectors = fields.map((field) => field.selector);
  return (value) => selectors.map((selector) => selector(value));
}

function tupleType(fields: readonly KeySpec[]): TypeInformation | undefined {
  const types = fields.map((field) => field.type);
  return types.every((type) => type !== undefined) ? (Types.tuple(...types) as TypeInformation) : undefined;
}

function hasFields(type: TypeDescription): boolean {
  return type.kind === 'row' || type.kind === 'tuple';
}

/** Declared type of a field; undefined: there is none of that name. */
export function fieldType(type: TypeInformation, field: unknown): TypeInformation | undefined {
  if (type.kind === 'row') return type.fields.find(({ name }) => name === field)?.type;
  if (type.kind === 'tuple') return type.elements[Number(field)];
  return undefined;
}

function fieldNames(type: TypeInformation | undefined): string {
  if (type?.kind === 'row') return type.fields.map(({ name }) => name).join(', ');
  if (type?.kind === 'tuple') return type.elements.map((_, index) => index).join(', ');
  return 'not declared';
}
