// Identifiers: 32 hex digits, as Flink's.

/** Source of random bytes: real in entry files, seeded in tests. */
export interface RandomSource {
  bytes(length: number): Uint8Array;
  /** In [0, 1). */
  next(): number;
}

/** @param digits even */
export function createHexId(random: RandomSource, digits = 32): string {
  return Array.from(random.bytes(digits / 2), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
