/** Of a few repetitions. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('A spread needs at least one value');
  const sorted = [...values].sort((a, b) => a - b);
  return { min: sorted[0]!, median: quantileOfSorted(sorted, 0.5), max: sorted.at(-1)! };
}

/** Ratios of repetitions that ran one after the other: pair by pair, so that the machine's drift cancels. */
export function pairRatios(ours: readonly number[], theirs: readonly number[]): number[] {
  if (ours.length !== theirs.length) throw new RangeError(`Unpaired runs: ${ours.length} and ${theirs.length}`);
  return ours.map((value, i) => value / theirs[i]!);
}

/** @param quantile in [0, 1]; between two values it is interpolated */
export function quantileOfSorted(sorted: readonly number[], quantile: number): number {
  const position = (sorted.length - 1) * quantile;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
