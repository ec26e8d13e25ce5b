// Failures of user functions by plan: the n-th call throws, counted over all subtasks and attempts of the job.
import { InjectedFault } from './injected-fault.ts';

export class FaultPlan {
  readonly #throwAt: ReadonlySet<number>;
  #calls = 0;
  #thrown = 0;

  /** @param throwAt numbers of the calls that throw, from 1 */
  constructor(throwAt: Iterable<number>) {
    this.#throwAt = new Set(throwAt);
  }

  get calls(): number {
    return this.#calls;
  }

  get thrown(): number {
    return this.#thrown;
  }

  /** To be called by the user function. @throws InjectedFault when it is this call's turn */
  step(): void {
    this.#calls += 1;
    if (!this.#throwAt.has(this.#calls)) return;
    this.#thrown += 1;
    throw new InjectedFault(`call ${this.#calls}`);
  }

  /** The function, failing by plan before it is called. */
  wrap<A extends readonly unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      this.step();
      return fn(...args);
    };
  }
}
