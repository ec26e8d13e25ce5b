import type { MeasuredRun } from './alternate.ts';
import type { Bench } from './protocol.ts';

/** Sliding windows add doubles in another order on another engine: 10⁶ thousandths over millions of results is rounding. */
const CHECKSUM_TOLERANCE: Readonly<Record<Bench, number>> = {
  statemachine: 0,
  windows: 0,
  sliding: 999_999,
  wordcount: 0,
};

/** Differences between the answers of any two runs; empty when all gave one answer. */
export function findDifferences(bench: Bench, runs: readonly MeasuredRun[]): string[] {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  return others.flatMap((other) => {
    const where = `${other.engine} run ${other.round} against ${first.engine} run ${first.round}`;
    const a = first.report;
    const b = other.report;
    return [
      ...(a.records === b.records ? [] : [`${where}: ${b.records} records, not ${a.records}`]),
      ...(a.results === b.results ? [] : [`${where}: ${b.results} results, not ${a.results}`]),
      ...(Math.abs(a.checksum - b.checksum) <= CHECKSUM_TOLERANCE[bench]
        ? []
        : [`${where}: checksum ${b.checksum}, not ${a.checksum}`]),
    ];
  });
}
