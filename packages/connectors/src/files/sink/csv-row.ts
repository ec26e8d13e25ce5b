// One record as a row of CSV.
import { formatRecord } from '@yeoul/engine';

export function toCsvRow(
  record: unknown,
  fieldDelimiter: string,
  rowDelimiter: string,
  columns?: readonly string[],
): string {
  return (
    fieldsOf(record, columns)
      .map((field) => toField(field, fieldDelimiter))
      .join(fieldDelimiter) + rowDelimiter
  );
}

function fieldsOf(record: unknown, columns: readonly string[] | undefined): readonly unknown[] {
  if (Array.isArray(record)) return record;
  if (typeof record !== 'object' || record === null || record instanceof Date) return [record];
  if (columns === undefined) return Object.values(record);
  return columns.map((column) => (record as Record<string, unknown>)[column]);
}

/** Null and undefined are empty; quotes only where something in the text needs them. */
function toField(value: unknown, fieldDelimiter: string): string {
  if (value === null || value === undefined) return '';
  const text = value instanceof Date ? value.toISOString() : formatRecord(value);
  const needsQuotes = text.includes(fieldDelimiter) || /["\r\n]/.test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
