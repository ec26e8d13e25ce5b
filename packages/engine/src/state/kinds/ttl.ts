// Time to live: when an entry is expired, and what reading and writing do to its time stamp. Source of the rules: Apache Flink,
// StateTtlConfig (processing time; expired from timestamp + ttl on; OnReadAndWrite also renews on reads).
import { type StateTtlConfig, StateTtlUpdateType, StateVisibility } from '../../api/state.ts';
import type { Cells } from '../cells.ts';

/** A value with the processing time (epoch ms) of its last renewal: what cells of TTL states hold. */
export interface TtlValue {
  t: number;
  readonly v: unknown;
}

/** Rules of one state. */
export class TtlPolicy {
  readonly ttlMs: number;
  readonly renewsOnRead: boolean;
  readonly returnsExpired: boolean;
  readonly #nowMs: () => number;

  constructor(config: StateTtlConfig, nowMs: () => number) {
    this.ttlMs = config.updateType === StateTtlUpdateType.Disabled ? Number.POSITIVE_INFINITY : config.ttlMs;
    this.renewsOnRead = config.updateType === StateTtlUpdateType.OnReadAndWrite;
    this.returnsExpired = config.visibility === StateVisibility.ReturnExpiredIfNotCleanedUp;
    this.#nowMs = nowMs;
  }

  isExpired(entry: TtlValue): boolean {
    return entry.t + this.ttlMs <= this.#nowMs();
  }

  wrap(value: unknown): TtlValue {
    return { t: this.#nowMs(), v: value };
  }
}

/** TTL for cells that hold one value: value, reducing and aggregating state. */
export class TtlCells implements Cells {
  readonly #cells: Cells;
  readonly #policy: TtlPolicy;
  readonly #cleanUp: () => void;

  constructor(cells: Cells, policy: TtlPolicy, cleanUp: () => void) {
    this.#cells = cells;
    this.#policy = policy;
    this.#cleanUp = cleanUp;
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#cells.setCurrentNamespace(namespace);
  }

  read(): unknown {
    const value = this.#readAlive();
    this.#cleanUp();
    return value;
  }

  #readAlive(): unknown {
    const entry = this.#cells.read() as TtlValue | undefined;
    if (entry === undefined) return undefined;
    if (this.#policy.isExpired(entry)) {
      this.#cells.remove();
      return this.#policy.returnsExpired ? entry.v : undefined;
    }
    if (this.#policy.renewsOnRead) this.#cells.write(this.#policy.wrap(entry.v));
    return entry.v;
  }

  write(value: unknown): void {
    this.#cells.write(this.#policy.wrap(value));
    this.#cleanUp();
  }

  remove(): void {
    this.#cells.remove();
  }
}
