// Typed columns of CSV files: text to value.

export const csvColumnTypes = ['string', 'int', 'double', 'boolean', 'date', 'json'] as const;
/** date: what Date.parse takes, or epoch ms. */
export type CsvColumnType = (typeof csvColumnTypes)[number];

/** @returns the value; an empty field of another type than string is null */
export function parseCsvField(text: string, type: CsvColumnType): unknown {
  if (type === 'string') return text;
  return text === '' ? null : parsers[type](text);
}

const parsers: Readonly<Record<Exclude<CsvColumnType, 'string'>, (text: string) => unknown>> = {
  int: (text) => expect(Number(text), Number.isSafeInteger, text, 'a whole number'),
  double: (text) => expect(toNumber(text), (value) => !Number.isNaN(value) || text === 'NaN', text, 'a number'),
  boolean: (text) => {
    const lower = text.toLowerCase();
    if (lower === 'true' || lower === '1') return true;
    return expect(false, () => lower === 'false' || lower === '0', text, 'true or false');
  },
  date: (text) => {
    const date = new Date(/^-?\d+$/.test(text) ? Number(text) : text);
    return expect(date, () => !Number.isNaN(date.getTime()), text, 'a date');
  },
  json: (text) => JSON.parse(text) as unknown,
};

/** "  " is no number. */
function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function expect<V>(value: V, isValid: (value: V) => boolean, text: string, what: string): V {
  if (isValid(value)) return value;
  throw new Error(`${JSON.stringify(text)} is not ${what}`);
}
