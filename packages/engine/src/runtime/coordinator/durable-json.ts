// JSON that keeps what structured clone keeps and JSON loses: maps, sets, bigints, dates, bytes, numbers without a JSON form.
const TAG = '$type';

export function encodeDurable(value: unknown): Uint8Array {
  return Buffer.from(
    JSON.stringify(value, function replace(this: Record<string, unknown>, key, plain: unknown) {
      return toTagged(this[key], plain);
    }),
    'utf8',
  );
}

/** @throws SyntaxError */
export function decodeDurable(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'), (_key, value: unknown) => fromTagged(value));
}

/** @param raw before its own toJSON @param plain after it */
function toTagged(raw: unknown, plain: unknown): unknown {
  if (raw instanceof Map) return { [TAG]: 'map', value: [...raw] };
  if (raw instanceof Set) return { [TAG]: 'set', value: [...raw] };
  if (raw instanceof Date) return { [TAG]: 'date', value: raw.getTime() };
  if (raw instanceof Uint8Array) return { [TAG]: 'bytes', value: Buffer.from(raw).toString('base64') };
  if (typeof raw === 'bigint') return { [TAG]: 'bigint', value: String(raw) };
  if (typeof raw === 'number' && !Number.isFinite(raw)) return { [TAG]: 'number', value: String(raw) };
  return plain;
}

function fromTagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(TAG in value)) return value;
  const { [TAG]: type, value: content } = value as { [TAG]: string; value: unknown };
  switch (type) {
    case 'map':
      return new Map(content as [unknown, unknown][]);
    case 'set':
      return new Set(content as unknown[]);
    case 'date':
      return new Date(content as number);
    case 'bytes':
      return new Uint8Array(Buffer.from(content as string, 'base64'));
    case 'bigint':
      return BigInt(content as string);
    case 'number':
      return Number(content);
    default:
      return value;
  }
}
