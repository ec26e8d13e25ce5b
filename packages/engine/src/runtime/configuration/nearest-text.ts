/** Edits above which a guess is no help, as a share of the length. */
const MAX_EDITS_SHARE = 0.5;

/** The candidate that takes the fewest edits to get to; undefined: none is within `maxEdits`. */
export function nearestText(
  text: string,
  candidates: readonly string[],
  maxEdits: number = text.length * MAX_EDITS_SHARE,
): string | undefined {
  let best: string | undefined;
  let least = maxEdits + 1;
  for (const candidate of candidates) {
    const edits = countEdits(text, candidate);
    if (edits >= least) continue;
    best = candidate;
    least = edits;
  }
  return best;
}

/** Levenshtein distance. */
function countEdits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
