// One driver for every lifecycle: the table says which moves exist, the driver checks, records the time and tells.
import { assert } from '../../errors.ts';

/** Legal moves by state. A state without moves is terminal. */
export type TransitionTable<S extends string> = Readonly<Record<S, readonly S[]>>;

export interface StateMove<S extends string> {
  readonly from: S;
  readonly to: S;
  readonly atMs: number;
  /** Time spent in `from`. */
  readonly durationMs: number;
}

export interface StateMachineOptions<S extends string> {
  /** Names the machine in the message of a broken invariant. */
  readonly subject: string;
  readonly table: TransitionTable<S>;
  readonly initial: S;
  readonly nowMs: () => number;
  readonly onMove?: ((move: StateMove<S>) => void) | undefined;
}

export class StateMachine<S extends string> {
  readonly #options: StateMachineOptions<S>;
  readonly #timestamps: Record<S, number>;
  #state: S;
  #enteredMs: number;

  constructor(options: StateMachineOptions<S>) {
    this.#options = options;
    this.#state = options.initial;
    this.#enteredMs = options.nowMs();
    this.#timestamps = Object.fromEntries(Object.keys(options.table).map((state) => [state, 0])) as Record<S, number>;
    this.#timestamps[options.initial] = this.#enteredMs;
  }

  get state(): S {
    return this.#state;
  }

  /** Epoch ms at which each state was last entered; 0: never. */
  get timestamps(): Readonly<Record<S, number>> {
    return this.#timestamps;
  }

  get isTerminal(): boolean {
    return this.#options.table[this.#state].length === 0;
  }

  canMove(to: S): boolean {
    return this.#options.table[this.#state].includes(to);
  }

  /** A move that the table does not have is a broken invariant. */
  move(to: S): void {
    const { subject, nowMs, onMove } = this.#options;
    assert(this.canMove(to), `${subject} moves from ${this.#state} to ${to}`);
    const from = this.#state;
    const atMs = nowMs();
    const durationMs = atMs - this.#enteredMs;
    this.#state = to;
    this.#enteredMs = atMs;
    this.#timestamps[to] = atMs;
    onMove?.({ from, to, atMs, durationMs });
  }
}
