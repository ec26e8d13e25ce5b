/**
 * One line for a record, wherever records become text: strings as they are, tuples (arrays) as Flink prints them, "(word,3)",
 * objects with a toString of their own by it, the rest as JSON.
 */
export function formatRecord(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(formatRecord).join(',')})`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value.toString !== Object.prototype.toString) return String(value);
  return JSON.stringify(value, replaceUnprintable);
}

function replaceUnprintable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}
