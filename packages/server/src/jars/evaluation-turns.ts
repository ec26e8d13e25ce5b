// Bounds how many programs are evaluated at once: each takes a thread.
import { appError } from '@yeoul/engine';
import { defaultSubmissionLimits, type SubmissionLimits } from './submission-limits.ts';

type EvaluationLimits = Pick<SubmissionLimits, 'maxEvaluations' | 'maxWaitingEvaluations'>;

export class EvaluationTurns {
  readonly #limits: EvaluationLimits;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: EvaluationLimits = defaultSubmissionLimits) {
    this.#limits = limits;
  }

  /** Runs `evaluate` when it is its turn, first come, first served. @throws PLANS_BUSY */
  async take<T>(evaluate: () => Promise<T>): Promise<T> {
    const { maxEvaluations, maxWaitingEvaluations } = this.#limits;
    if (this.#running < maxEvaluations) this.#running++;
    else if (this.#waiting.length < maxWaitingEvaluations)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else throw appError('PLANS_BUSY', [this.#running, this.#waiting.length]);
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
