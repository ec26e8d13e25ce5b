// Keys of a batch operator: how they are read from a record, and how they are shown in plans.
// Positions stand for tuple fields and declared row fields, names for fields of records without a declared type; a record that
// is its own key (distinct strings) is shown as position 0, as in Flink.

export type Field = number | string;

export interface RecordKey {
  /** As plans show them: "[0, 1]". */
  readonly fields: readonly Field[];
  /** The key alone for one field; an array of the fields' values for several. */
  readonly read: (record: unknown) => unknown;
}

export type SortDirection = 'ASC' | 'DESC';

export interface SortField {
  readonly field: Field;
  readonly direction: SortDirection;
  readonly read: (record: unknown) => unknown;
}

/** Key of fields that `read` takes apart one by one. */
export function fieldsKey(fields: readonly Field[], readers: readonly ((record: unknown) => unknown)[]): RecordKey {
  const [only] = readers;
  if (readers.length === 1 && only) return { fields, read: only };
  return { fields, read: (record) => readers.map((read) => read(record)) };
}

export function formatFields(fields: readonly Field[]): string {
  return `[${fields.join(', ')}]`;
}

export function sameFields(a: readonly Field[], b: readonly Field[]): boolean {
  return a.length === b.length && a.every((field, i) => field === b[i]);
}
