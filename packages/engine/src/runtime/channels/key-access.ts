// What is known about a key selector: one that only reads a field lets the reader take the key from the decoded record.
import type { KeySelector } from '../../api/functions.ts';

const FIELD_ARROW = /^\(?\s*([A-Za-z_$][\w$]*)\s*\)?\s*=>\s*\1\s*\.\s*([A-Za-z_$][\w$]*)\s*;?$/;

/** The field that `selector` reads when it is written as `x => x.field`; undefined when it is anything else. */
export function fieldOfSelector(selector: KeySelector<never, unknown>): string | undefined {
  return FIELD_ARROW.exec(Function.prototype.toString.call(selector))?.[2];
}
