// Copies of accumulators for merging: AggregateFunction.merge may change and return either of its arguments, but a slice's
// accumulator is needed again by the next window.

export type CopyAccumulator = (accumulator: unknown) => unknown;

/** @param sample a fresh accumulator: its shape decides how later ones are copied */
export function createAccumulatorCopy(sample: unknown): CopyAccumulator {
  if (typeof sample !== 'object' || sample === null) return copyIfObject;
  return isFlatRecord(sample) ? compileFlatCopy(Object.keys(sample)) : copyDeep;
}

function copyIfObject(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? copyDeep(value) : value;
}

function isFlatRecord(sample: object): boolean {
  const names = Object.keys(sample);
  return Object.getPrototypeOf(sample) === Object.prototype && names.length > 0 && names.every(isIdentifier);
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__';
}

/** An object literal of the known fields; anything else about the value leads to the deep copy. */
function compileFlatCopy(names: readonly string[]): CopyAccumulator {
  const isNested = names.map((name) => `typeof value.${name} === 'object'`).join(' || ');
  const body = `return function copyAccumulator(value) {
    let fields = 0;
    for (const name in value) fields += 1;
    if (fields !== ${names.length} || ${isNested}) return copyDeep(value);
    return { ${names.map((name) => `${name}: value.${name}`).join(', ')} };
  };`;
  return new Function('copyDeep', body)(copyDeep) as CopyAccumulator;
}

function copyDeep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyDeep);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copyDeep(item)]));
  if (value instanceof Set) return new Set([...value].map(copyDeep));
  if (value instanceof Date) return new Date(value);
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  const copy = Object.create(Object.getPrototypeOf(value) as object | null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) copy[name] = copyDeep(item);
  return copy;
}
