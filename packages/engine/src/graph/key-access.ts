// What is known about a key selector: one that only reads a field or an element lets others take the key from the record.
import type { KeySelector } from '../api/functions.ts';

const FIELD_ARROW = /^\(?\s*([A-Za-z_$][\w$]*)\s*\)?\s*=>\s*\1\s*\.\s*([A-Za-z_$][\w$]*)\s*;?$/;
const ELEMENT_ARROW = /^\(?\s*([A-Za-z_$][\w$]*)\s*\)?\s*=>\s*\1\s*\[\s*(\d+)\s*\]\s*;?$/;
const FIRST_OF_TUPLE_ARROW = /^\(\s*\[\s*([A-Za-z_$][\w$]*)\s*\]\s*\)\s*=>\s*\1\s*;?$/;

/**
 * The field or tuple position that `selector` reads, when it is written as `x => x.field`, `x => x[0]` or `([x]) => x`, or was
 * made by keyBy('field'); undefined when it is anything else.
 */
export function fieldOfSelector(selector: KeySelector<never, unknown>): string | number | undefined {
  const { keyField } = selector as { keyField?: string | number };
  if (keyField !== undefined) return keyField;
  const source = Function.prototype.toString.call(selector);
  const element = ELEMENT_ARROW.exec(source)?.[2];
  if (element !== undefined) return Number(element);
  return FIRST_OF_TUPLE_ARROW.test(source) ? 0 : FIELD_ARROW.exec(source)?.[2];
}
