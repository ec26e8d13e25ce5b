/** One line for a record: strings as they are, objects with a toString of their own by it, the rest as JSON. */
export function formatRecord(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (!Array.isArray(value) && value.toString !== Object.prototype.toString) return String(value);
  return JSON.stringify(value, replaceUnprintable);
}

function replaceUnprintable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}
