// Values of state on one line, as a program would write them, and as JSON.

/** Deeper values are abbreviated. */
const MAX_DEPTH = 6;

export function showValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (depth >= MAX_DEPTH) return '…';
  return showObject(value, depth + 1);
}

function showObject(value: object, depth: number): string {
  const show = (item: unknown) => showValue(item, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof Uint8Array)
    return `bytes(${value.length}) ${Buffer.from(value.subarray(0, 32)).toString('hex')}`;
  if (value instanceof Map) return `Map {${[...value].map(([k, v]) => `${show(k)} => ${show(v)}`).join(', ')}}`;
  if (value instanceof Set) return `Set {${[...value].map(show).join(', ')}}`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const fields = Object.entries(value).map(
    ([name, item]) => `${/^[\w$]+$/.test(name) ? name : JSON.stringify(name)}: ${show(item)}`,
  );
  return `{${fields.join(', ')}}`;
}

/** For JSON: maps as lists of pairs, sets as lists, times as text, bytes as base64, big integers and non-finite numbers as text. */
export function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) return [...value].map(([key, item]) => [toPlain(key), toPlain(item)]);
  if (value instanceof Set || Array.isArray(value)) return [...value].map(toPlain);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toPlain(item)]));
}
