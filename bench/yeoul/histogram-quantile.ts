/**
 * @param counts value → how often
 * @param quantile in [0, 1]
 * @returns the smallest value that at least this share of all is not above; NaN when there is none
 */
export function quantileOfHistogram(counts: ReadonlyMap<number, number>, quantile: number): number {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (seen >= quantile * total) return value;
  }
  return Number.NaN;
}
