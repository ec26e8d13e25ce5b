// Declared rows of numbers: their fields, and source text that reads and stores them as bare numbers in a row of a Float64Array.
import type { TypeInformation } from '../api/type-information.ts';

/** Beyond this an object is as good: reading one means loading all fields. */
const MAX_FIELDS = 8;

const NUMBER_KINDS: ReadonlySet<string> = new Set(['int', 'long', 'double']);

/** Names of the fields when `type` is a row of a few numbers. */
export function tryNumberFields(type: TypeInformation | undefined): readonly string[] | undefined {
  if (type?.kind !== 'row' || type.fields.length === 0 || type.fields.length > MAX_FIELDS) return undefined;
  const areNumbers = type.fields.every((field) => NUMBER_KINDS.has(field.type.kind) && field.name !== '__proto__');
  return areNumbers ? type.fields.map((field) => field.name) : undefined;
}

/** The same of a value whose type nobody declared. */
export function tryNumberFieldsOf(sample: unknown): readonly string[] | undefined {
  if (typeof sample !== 'object' || sample === null || Object.getPrototypeOf(sample) !== Object.prototype)
    return undefined;
  const fields = Object.entries(sample);
  if (fields.length === 0 || fields.length > MAX_FIELDS) return undefined;
  const areNumbers = fields.every(([name, value]) => typeof value === 'number' && name !== '__proto__');
  return areNumbers ? fields.map(([name]) => name) : undefined;
}

/** JavaScript of an object whose fields are those of the row that begins at `numbers[at]`. */
export function rowSource(fields: readonly string[], numbers: string, at: string): string {
  return `{ ${fields.map((name, i) => `${JSON.stringify(name)}: ${numbers}[${at} + ${i}]`).join(', ')} }`;
}

/** Statements that store the fields of `row` from `numbers[at]` on. */
export function storeSource(fields: readonly string[], numbers: string, at: string, row: string): string {
  return fields.map((name, i) => `${numbers}[${at} + ${i}] = ${row}[${JSON.stringify(name)}];`).join('\n');
}

/** True for an object all of whose declared fields are numbers. */
export function areNumbersSource(fields: readonly string[], row: string): string {
  return fields.map((name) => `typeof ${row}[${JSON.stringify(name)}] === 'number'`).join(' && ');
}
