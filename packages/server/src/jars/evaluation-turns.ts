// Bounds how many programs are evaluated at once: each takes a thread.
import { appError } from '@yeoul/engine';

export interface EvaluationLimits {
  readonly maxRunning: number;
  readonly maxWaiting: number;
}

export const defaultEvaluationLimits: EvaluationLimits = { maxRunning: 4, maxWaiting: 64 };

export class EvaluationTurns {
  readonly #limits: EvaluationLimits;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: EvaluationLimits = defaultEvaluationLimits) {
    this.#limits = limits;
  }

  /** Runs `evaluate` when it is its turn, first come, first served. @throws PLANS_BUSY */
  async take<T>(evaluate: () => Promise<T>): Promise<T> {
    const { maxRunning, maxWaiting } = this.#limits;
    if (this.#running < maxRunning) this.#running++;
    else if (this.#waiting.length < maxWaiting) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else throw appError('PLANS_BUSY', [this.#running, this.#waiting.length, maxRunning + maxWaiting]);
    try {
      return await evaluate();
    } finally {
      // The turn is handed on, so nobody comes in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
