// Durations and amounts of memory as Flink writes them. @see Apache Flink, TimeUtils and MemorySize

const MS_BY_UNIT: readonly (readonly [names: readonly string[], ms: number])[] = [
  [['d', 'day', 'days'], 86_400_000],
  [['h', 'hour', 'hours'], 3_600_000],
  [['m', 'min', 'minute', 'minutes'], 60_000],
  [['s', 'sec', 'secs', 'second', 'seconds'], 1000],
  [['ms', 'milli', 'millis', 'millisecond', 'milliseconds'], 1],
  [['µs', 'micro', 'micros', 'microsecond', 'microseconds'], 1e-3],
  [['ns', 'nano', 'nanos', 'nanosecond', 'nanoseconds'], 1e-6],
];

const BYTES_BY_UNIT: readonly (readonly [names: readonly string[], bytes: number])[] = [
  [['t', 'tb', 'tebibytes'], 2 ** 40],
  [['g', 'gb', 'gibibytes'], 2 ** 30],
  [['m', 'mb', 'mebibytes'], 2 ** 20],
  [['k', 'kb', 'kibibytes'], 2 ** 10],
  [['b', 'bytes'], 1],
];

/** "10 s", "500ms", "1 min", "PT30S"; a bare number is ms. @returns ms; undefined: it is no duration */
export function parseDuration(text: string): number | undefined {
  return parseIsoDuration(text) ?? parseAmount(text, MS_BY_UNIT);
}

/** "64 mb", "20kb"; a bare number is bytes. @returns bytes; undefined: it is no amount of memory */
export function parseMemory(text: string): number | undefined {
  return parseAmount(text, BYTES_BY_UNIT);
}

/** 90000 → "90 s": in the largest unit that divides it. */
export function formatDurationText(ms: number): string {
  return formatAmount(ms, [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
    [1, 'ms'],
  ]);
}

/** 65536 → "64 kb": in the largest unit that divides it. */
export function formatMemoryText(bytes: number): string {
  return formatAmount(bytes, [
    [2 ** 30, 'gb'],
    [2 ** 20, 'mb'],
    [2 ** 10, 'kb'],
    [1, 'bytes'],
  ]);
}

function parseAmount(
  text: string,
  units: readonly (readonly [names: readonly string[], size: number])[],
): number | undefined {
  const [, digits, unit = ''] = /^\s*(\d+)\s*([a-zµ]*)\s*$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const size = unit === '' ? 1 : units.find(([names]) => names.includes(unit.toLowerCase()))?.[1];
  return size === undefined ? undefined : Number(digits) * size;
}

function parseIsoDuration(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text.trim());
  if (match === null || match.slice(1).every((part) => part === undefined)) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days! * 24 + hours!) * 60 + minutes!) * 60_000 + seconds! * 1000;
}

function formatAmount(value: number, units: readonly (readonly [size: number, name: string])[]): string {
  const [size, name] = units.find(([size]) => value >= size && value % size === 0) ?? units.at(-1)!;
  return `${value / size} ${name}`;
}
