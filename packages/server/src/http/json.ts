// JSON with 64-bit integers: a bigint is written as a plain number, which JSON.stringify does not do.

const LONG_MARK = '\u0000long:';
const LONG_TEXT = /"\\u0000long:(-?\d+)"/g;

export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, markLongs).replace(LONG_TEXT, '$1');
  }
}

function markLongs(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${LONG_MARK}${value}` : value;
}
