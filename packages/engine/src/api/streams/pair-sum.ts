// Recognises the sum of a count per key, such as (word, count): there every field but the sum is the key itself, so that the sum
// is all the state there is. Only where the declared types prove it.
import { fieldOfSelector } from '../../graph/key-access.ts';
import type { PairSum } from '../../graph/operator-spec.ts';
import type { KeySpec } from '../../graph/transformation.ts';
import type { TypeInformation } from '../type-information.ts';
import type { FieldName } from './aggregations.ts';
import { fieldType } from './keys.ts';

/** Types whose equal values cannot be told apart. */
const KEY_KINDS: readonly string[] = ['string', 'int', 'boolean'];
const SUM_KINDS: readonly string[] = ['int', 'long', 'double'];

export function pairSumOf(type: TypeInformation | undefined, key: KeySpec, sumField: FieldName): PairSum | undefined {
  const keyField = fieldOfSelector(key.selector);
  if (type === undefined || keyField === undefined || sumField === undefined || keyField === sumField) return undefined;
  const keyType = fieldType(type, keyField);
  const sumType = fieldType(type, sumField);
  if (fieldCount(type) !== 2 || keyType === undefined || sumType === undefined) return undefined;
  return KEY_KINDS.includes(keyType.kind) && SUM_KINDS.includes(sumType.kind) ? { keyField, sumField } : undefined;
}

function fieldCount(type: TypeInformation): number {
  if (type.kind === 'row') return type.fields.length;
  return type.kind === 'tuple' ? type.elements.length : 0;
}
