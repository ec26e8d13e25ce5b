// Values as Java's toString writes them, which is what Flink's pages show.

export function toJavaText(value: unknown): string {
  if (Array.isArray(value) || value instanceof Set) return `[${[...value].map(toJavaText).join(', ')}]`;
  if (value instanceof Map) return toMapText(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) return toMapText(Object.entries(value));
  return value === undefined ? 'null' : String(value);
}

/** A double: whole numbers keep a decimal. */
export function toJavaDouble(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? `${value}.0` : String(value);
}

function toMapText(entries: Iterable<readonly [unknown, unknown]>): string {
  return `{${[...entries].map(([key, value]) => `${toJavaText(key)}=${toJavaText(value)}`).join(', ')}}`;
}
