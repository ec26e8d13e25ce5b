// The generators' shared arithmetic, the same in every engine's programs: 32-bit xorshift, one sequence for each source subtask.

/** First state of a subtask's sequence. */
export function seedOf(subtask: number): number {
  return 0x9e3779b9 ^ Math.imul(subtask + 1, 0x85ebca6b);
}

export function nextRandom(x: number): number {
  const a = x ^ (x << 13);
  const b = a ^ (a >>> 17);
  return b ^ (b << 5);
}

/** No state of the machine accepts this type. */
export const INVALID_EVENT = 7;

/** Three states; event `from * 2 + choice` leads on: 0 → 1|2, 1 → 2|1, 2 → 0|1. */
export function nextState(from: number, choice: number): number {
  if (from === 0) return 1 + choice;
  if (from === 1) return choice === 0 ? 2 : 1;
  return choice;
}

/** Ids of a subtask's sensors. */
export function sensorIds(count: number, parallelism: number, subtask: number): string[] {
  return Array.from({ length: count }, (_, i) => `sensor_${i * parallelism + subtask}`);
}

/** Temperature of the reading that `x` draws, °F. */
export function fahrenheitOf(x: number): number {
  return 65 + ((x >>> 8) & 1023) / 32;
}
