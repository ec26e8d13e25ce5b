// Rates between two reports of cumulative counts.

interface Sample {
  readonly count: number;
  readonly atMs: number;
  readonly perSecond: number;
}

/** Reports closer together than this keep the last rate: a quotient of two tiny numbers says nothing. */
const MIN_INTERVAL_MS = 200;

export class RateMeter {
  readonly #monotonicMs: () => number;
  readonly #startMs: number;
  readonly #samples = new Map<string, Sample>();

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#startMs = monotonicMs();
  }

  /** @returns {"<name>PerSecond": rate} for the counts whose name is in `names` */
  perSecond(counts: Readonly<Record<string, number>>, names: ReadonlySet<string>, scope = ''): Record<string, number> {
    const rates: Record<string, number> = {};
    for (const [name, count] of Object.entries(counts)) {
      if (names.has(name)) rates[`${name}PerSecond`] = this.#rate(`${scope}${name}PerSecond`, count);
    }
    return rates;
  }

  /** @returns rate per second of each count, under its own name */
  rates(counts: Readonly<Record<string, number>>, scope: string): Record<string, number> {
    return Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, this.#rate(`${scope}.${name}`, count)]),
    );
  }

  last(key: string): number {
    return this.#samples.get(key)?.perSecond ?? 0;
  }

  #rate(key: string, count: number): number {
    const atMs = this.#monotonicMs();
    const last = this.#samples.get(key) ?? { count: 0, atMs: this.#startMs, perSecond: 0 };
    if (atMs - last.atMs < MIN_INTERVAL_MS) return last.perSecond;
    const perSecond = ((count - last.count) * 1000) / (atMs - last.atMs);
    this.#samples.set(key, { count, atMs, perSecond });
    return perSecond;
  }
}
