// Records as lines of text: tuples as Flink prints them, "(word,3)".

export function formatValue(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(formatValue).join(',')})`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value.toString !== Object.prototype.toString) return String(value);
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? String(member) : member));
}
